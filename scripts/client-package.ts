import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { openApiDocument } from '@/lib/api/openapi-document'

// clients/typescript: its packages, and the part that is generated from the API's own schemas.

export const clientFolder = path.resolve(import.meta.dirname, '../clients/typescript')

/** Installs the client's packages where they are missing or differ from its lock. Throws when npm fails. */
export function installClientPackages(): void {
  const lock = fs.readFileSync(path.join(clientFolder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = path.join(clientFolder, 'node_modules', '.installed-from')
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return
  run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'])
  fs.writeFileSync(stamp, wanted)
}

/** Writes the client that @hey-api/openapi-ts makes of the API's document into `folder`. */
export function generateClient(folder: string): void {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-openapi-'))
  const document = path.join(place, 'openapi.json')
  // The server of an account's key alone: every path is below /api/v1.
  const { servers: _, ...rest } = openApiDocument('https://hub.example')
  fs.writeFileSync(document, JSON.stringify({ ...rest, servers: [{ url: '/api/v1' }] }))
  run('node_modules/.bin/openapi-ts', [], { HEARBACK_OPENAPI: document, HEARBACK_GENERATED: folder })
  fs.rmSync(place, { recursive: true })
}

/** Compiles the client into its dist/. */
export const buildClient = (): void => run(process.execPath, ['build.mjs'])

function run(command: string, args: string[], environment: Record<string, string> = {}): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: clientFolder,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}
