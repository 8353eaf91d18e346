import { parseArgs } from 'node:util'
import type * as z from '../../lib/zod'
import { Refusal } from './refusal'

const options = {
  name: { type: 'string' },
  email: { type: 'string' },
  identifier: { type: 'string' },
  account: { type: 'string' },
  'api-key': { type: 'boolean', default: false },
  'two-factor-off': { type: 'boolean', default: false },
} as const

/** What each command takes, and how it is written. */
const commands = {
  create: {
    options: ['name', 'email', 'identifier', 'api-key'],
    form: '--name … --email … [--identifier …] [--api-key], with the password on standard input',
  },
  list: { options: [], form: '' },
  'reset-link': { options: ['email', 'two-factor-off'], form: '--email … [--two-factor-off]' },
  suspend: { options: ['account'], form: '--account …' },
  resume: { options: ['account'], form: '--account …' },
  'add-owner': { options: ['account', 'email'], form: '--account … --email …' },
} as const satisfies Record<string, { options: (keyof typeof options)[]; form: string }>
const mayBeLeftOut = ['identifier', 'api-key', 'two-factor-off']

export type Command = keyof typeof commands

export const usageOf = (command: Command) => `npm run account -- ${command} ${commands[command].form}`.trim()

/** Reads the arguments of the command line. Throws a Refusal that names the fault in one line. */
export function understand(args: string[]) {
  const { values, positionals } = parse(args)
  const [command = ''] = positionals
  if (positionals.length !== 1 || !isCommand(command)) throw new Refusal(`Say what to do: ${anyUsage}`, 2)
  const known: readonly string[] = commands[command].options
  for (const [name, value] of Object.entries(values))
    if (value && !known.includes(name)) throw new Refusal(`--${name} is not for this: ${usageOf(command)}`, 2)
  for (const name of known)
    if (values[name as keyof typeof values] === undefined && !mayBeLeftOut.includes(name))
      throw new Refusal(`--${name} is missing: ${usageOf(command)}`, 2)
  return { command, values }
}

const isCommand = (text: string): text is Command => Object.hasOwn(commands, text)
const anyUsage = `npm run account -- ${Object.keys(commands).join(' | ')}`

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    const [command = ''] = args
    const usage = isCommand(command) ? usageOf(command) : anyUsage
    throw new Refusal(`${(error as Error).message.split('. ')[0]}: ${usage}`, 2)
  }
}

/** The value of an option, by the schema that the forms use too. */
export function optionBy<T>(schema: z.ZodType<T>, name: string, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Refusal(`--${name}: ${parsed.error.issues[0]?.message}`, 2)
  return parsed.data
}
