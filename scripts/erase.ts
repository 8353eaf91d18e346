import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Database } from '@/lib/db/client'
import { type ErasureInput, erasureKeys, erasureSchema } from '@/lib/erasure/erasure-schema'
import { readErasure, type ShownErasure, startErasure, withdrawErasure } from '@/lib/erasure/erasures'
import { runErasures } from '@/lib/erasure/run-erasures'
import { findAccount } from '@/lib/people/operator'
import { optionBy } from './account/arguments'
import { Refusal } from './account/refusal'
import { operatorCommand } from './operator-command'

// npm run erase: erases a customer of an account, as Settings › Account does. Whom is the first line of the standard input, so
// that it stands neither in the shell's history nor in the list of processes. Without --yes it only counts. It works the
// erasure off itself, beside any hub; a run that was broken off is finished by the hub, or by the next run.

const usage = `npm run erase -- --account … --by ${erasureKeys.join('|')} [--yes], with the address or id on standard input`

let values: { account?: string; by?: string; yes: boolean }
operatorCommand(erase, () => {
  try {
    values = parseArgs({
      options: { account: { type: 'string' }, by: { type: 'string' }, yes: { type: 'boolean', default: false } },
    }).values
  } catch (error) {
    throw new Refusal(`${(error as Error).message.split('. ')[0]}: ${usage}`, 2)
  }
  if (!values.account || !values.by) throw new Refusal(`--${values.account ? 'by' : 'account'} is missing: ${usage}`, 2)
  optionBy(erasureSchema.shape.by, 'by', values.by)
})

async function erase(db: Database): Promise<void> {
  const accountId = await findAccount(db, values.account ?? '')
  if (!accountId) throw new Refusal(`There is no account with the identifier ${values.account}.`, 1)
  const input = erasureSchema.safeParse({ by: values.by, value: await firstLine() })
  if (!input.success) throw new Refusal(`${input.error.issues[0]?.message} ${usage}`, 2)
  const id = await startErasure(db, accountId, null, input.data as ErasureInput, { confirmed: values.yes })
  const { state, found, erased } = await work(db, accountId, id)
  console.log(JSON.stringify({ state, ...found, ...erased }))
  if (values.yes) return
  await withdrawErasure(db, accountId, null, id)
  console.error('Nothing was erased. Repeat it with --yes to erase.')
}

/** Works until the erasure has ended its counting or erasing, whoever makes its steps. */
async function work(db: Database, accountId: string, id: string): Promise<ShownErasure> {
  for (let told = -1; ; ) {
    await runErasures(db)
    const now = await readErasure(db, accountId, id)
    if (!now) throw new Error('the erasure disappeared')
    if (now.state !== 'counting' && now.state !== 'erasing') return now
    if (now.progress !== told) console.error(`${now.state}: ${now.progress} %`)
    told = now.progress
    await sleep(200)
  }
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin })
  if (process.stdin.isTTY) process.stderr.write('Address or id: ')
  for await (const line of lines) {
    lines.close()
    return line
  }
  return ''
}
