import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { type HubEvent, sendEvents } from '../send-events.ts'
import { type Command, hubOf, UsageError } from './settings.ts'

/** Reads NDJSON line by line, so that a file may be larger than memory; JSON whole. `-` is the standard input. */
async function* readEvents(file: string): AsyncGenerator<HubEvent> {
  if (file.endsWith('.json')) {
    yield* [JSON.parse(await readFile(file, 'utf8'))].flat()
    return
  }
  const input = file === '-' ? process.stdin : createReadStream(file)
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim()) yield JSON.parse(line)
  }
}

export const sendCommand: Command = {
  usage: 'hearback send <file>',
  does: 'sends the events of a file: .json (one event or a list), else NDJSON; - is the standard input',
  options: {},
  async run(values, [file]) {
    if (!file) throw new UsageError('Name the file with the events, or - for the standard input')
    const { accepted, duplicates, rejected, events } = await sendEvents(readEvents(file), hubOf(values))
    const deliveries = events.reduce((sum, event) => sum + event.deliveries, 0)
    console.log(
      `${accepted} accepted, ${duplicates} known already, ${rejected.length} rejected; ${deliveries} deliveries`,
    )
    for (const { index, id, path, message } of rejected)
      console.error(`event ${index + 1} (${id ?? 'no id'}): ${path ?? ''} ${message}`)
    return rejected.length > 0 ? 1 : 0
  },
}
