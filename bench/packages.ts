import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

// The packages of bench/package.json: the peers and Lighthouse. They have a lock of their own, so that the product's lock
// has only what the product needs, and are installed when a part first needs them.

/** Installs them where they are missing or differ from the lock. Throws when npm fails. */
export function installPackages(): void {
  const folder = import.meta.dirname
  const lock = fs.readFileSync(path.join(folder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = path.join(folder, 'node_modules', '.installed-from')
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing the packages of bench/package.json …')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('npm ci failed in bench/')
  fs.writeFileSync(stamp, wanted)
}

/** Whether a program of this name is on the PATH. */
export const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, program)))
