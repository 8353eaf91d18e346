import { listen } from '../listen.ts'
import { type Command, formatOf, hubOf, text, texts, UsageError } from './settings.ts'

export const listenCommand: Command = {
  usage: 'hearback listen --to http://localhost:3000 [--format <format>] [--event <type> …]',
  does: 'makes the calls of a temporary WebHook at this machine, without a tunnel; its answers are the ones recorded',
  options: { to: { type: 'string' }, format: { type: 'string' }, event: { type: 'string', multiple: true } },
  async run(values) {
    const to = text(values, 'to')
    if (!to || !/^https?:\/\//.test(to) || !URL.canParse(to))
      throw new UsageError('Say where the calls go: --to http://localhost:3000')
    const events = texts(values, 'event')
    const stop = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
    await listen({
      ...hubOf(values),
      to,
      format: formatOf(values),
      events: events.length > 0 ? events : undefined,
      signal: stop.signal,
      onOpen({ id, name, format, secret }) {
        console.log(`Listening as “${name}” (${id}, format ${format}). Its calls go to ${to}; Ctrl-C closes it.`)
        if (secret) console.log(`signing secret: ${secret}`)
      },
      onCall({ delivery, attempt, status, failure, durationMs, recorded }) {
        const late = recorded ? '' : ', not recorded: its time was over'
        console.log(`${delivery} attempt ${attempt}: ${status ?? failure} in ${Math.round(durationMs)} ms${late}`)
      },
      onError: (error) => console.error(`${error.message}; trying again`),
    })
    return 0
  },
}
