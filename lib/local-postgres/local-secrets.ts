import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { ConfigurationError } from '../env'

// The secrets of a hub without DATABASE_URL, made once and kept beside its data. Whoever loses them loses what is sealed.

const schema = z.object({ HEARBACK_SECRET_KEYS: z.string().min(1), HEARBACK_SESSION_SECRET: z.string().min(32) })

export type LocalSecrets = z.infer<typeof schema>

/**
 * Reads `<dir>/secrets.json`; makes it (mode 0600, whole or not at all) when there is none. To be called by the owner of
 * the folder only, so that two starts never make two sets. Throws ConfigurationError when the file is damaged: making
 * new secrets would silently lock every sealed value.
 */
export function localSecrets(dir: string): LocalSecrets {
  const file = path.join(dir, 'secrets.json')
  return readSecrets(file) ?? makeSecrets(file)
}

function readSecrets(file: string): LocalSecrets | undefined {
  if (!fs.existsSync(file)) return undefined
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, 'utf8')))
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'not the secrets that Hearback wrote'
    throw new ConfigurationError(
      `${file} cannot be read (${why}): restore it from a backup, without it sealed secrets stay locked`,
    )
  }
}

function makeSecrets(file: string): LocalSecrets {
  const secrets = {
    // A key id of its own, so that values sealed under a lost file are recognised as such.
    HEARBACK_SECRET_KEYS: `local-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`,
    HEARBACK_SESSION_SECRET: randomBytes(32).toString('base64url'),
  }
  const half = `${file}.${process.pid}`
  const descriptor = fs.openSync(half, 'w', 0o600)
  fs.writeSync(descriptor, `${JSON.stringify(secrets, null, 2)}\n`)
  fs.fsyncSync(descriptor)
  fs.closeSync(descriptor)
  fs.renameSync(half, file)
  return secrets
}
