import fs from 'node:fs'
import path from 'node:path'
import { ConfigurationError } from '../env'

// The user that runs the local PostgreSQL, because it refuses to run as root, and the folders that this user can reach.

export type ServerUser = { uid: number; gid: number }

/**
 * The user to start PostgreSQL as; undefined: the user of this process. As root it is the owner of existing data (made
 * before the hub was started with sudo, for example), else `postgres`, else `nobody`.
 */
export function serverUser(dataDir: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = fs.statSync(dataDir, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const users = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (user) return { uid: Number(user[2]), gid: Number(user[3]) }
  throw new ConfigurationError(
    'PostgreSQL does not run as root and this machine has neither a postgres nor a nobody user: start Hearback as another user, or set DATABASE_URL',
  )
}

/** Whether `user` may enter every folder above `target` and, if it exists, enter or execute `target` itself. */
export function canReach(target: string, user: ServerUser): boolean {
  const stat = fs.statSync(target, { throwIfNoEntry: false })
  if (stat) {
    const bit = stat.uid === user.uid ? 0o100 : stat.gid === user.gid ? 0o010 : 0o001
    if (!(stat.mode & bit)) return false
  }
  const parent = path.dirname(target)
  return parent === target || canReach(parent, user)
}
