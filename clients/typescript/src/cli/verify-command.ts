import { readFile } from 'node:fs/promises'
import { verify } from '../verify.ts'
import { type Command, formatOf, text, texts, UsageError } from './settings.ts'

/** `name: value` lines, as they were received. */
function headersOf(lines: string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':')
      if (at < 1) throw new UsageError(`--header is "name: value", not ${line}`)
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    }),
  )
}

export const verifyCommand: Command = {
  usage: 'hearback verify --format <format> --secret <secret> --header "name: value" … --body <file>',
  does: 'says whether a received call is genuine; exits with 1 when it is not. --any-age leaves its time out',
  options: {
    format: { type: 'string' },
    secret: { type: 'string' },
    header: { type: 'string', multiple: true },
    body: { type: 'string' },
    'any-age': { type: 'boolean' },
  },
  async run(values) {
    const secret = text(values, 'secret') ?? process.env.HEARBACK_SECRET
    const file = text(values, 'body')
    if (!secret) throw new UsageError('Give the secret: --secret …, or HEARBACK_SECRET')
    if (!file) throw new UsageError('Name the file with the raw body: --body <file>')
    const genuine = verify({
      format: formatOf(values),
      headers: headersOf(texts(values, 'header')),
      body: await readFile(file),
      secret,
      toleranceSeconds: values['any-age'] ? Number.POSITIVE_INFINITY : undefined,
    })
    console.log(genuine ? 'genuine' : 'not genuine')
    return genuine ? 0 : 1
  },
}
