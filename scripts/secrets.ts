import { checkKeys, rotateKeys, type Unreadable } from '@/lib/secrets/rotate-keys'
import { ownKeyRing } from '@/lib/secrets/seal'
import { Refusal } from './account/refusal'
import { operatorCommand } from './operator-command'

// npm run secrets -- rotate | check: seals every secret anew with the first key of HEARBACK_SECRET_KEYS, or says which key
// sealed how many and which rows no key of the ring opens. Both may run beside a hub that delivers. docs/install.md has the
// steps of changing keys. Exits with 1 when a row does not open.

const usage = 'npm run secrets -- rotate | check'

operatorCommand(
  async (db) => {
    const ring = ownKeyRing()
    if (process.argv[2] === 'rotate') {
      const { resealed, unreadable } = await rotateKeys(db, ring)
      console.log(`${resealed} secrets were sealed anew with the key "${ring.active}".`)
      return report(unreadable)
    }
    const { values, unreadable } = await checkKeys(db, ring)
    for (const id of ring.keys.keys()) console.log(`key "${id}" seals ${values.get(id) ?? 0} secrets`)
    const unused = [...ring.keys.keys()].filter((id) => id !== ring.active && !values.get(id))
    if (unused.length > 0) console.log(`Nothing is sealed with ${unused.map((id) => `"${id}"`).join(', ')} any more.`)
    report(unreadable)
  },
  () => {
    if (process.argv.length !== 3 || !['rotate', 'check'].includes(process.argv[2] ?? ''))
      throw new Refusal(`Say what to do: ${usage}`, 2)
  },
)

function report(unreadable: Unreadable[]): void {
  for (const { table, key, why } of unreadable) {
    const named = Object.entries(key).map(([name, value]) => `${name} ${value}`)
    console.error(`${table}, ${named.join(', ')}: does not open: ${why}`)
  }
  if (unreadable.length > 0) process.exitCode = 1
}
