import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '../child'
import { endProfile, startProfile } from '../profile'
import { takeStatementTimes } from '../statement-times'
import type { OpenSubject, Subject, SubjectSetting } from './subject'

// A process that runs one subject.

let subject: Subject | undefined
let subjectName = ''
/** How many jobs an event that comes over HTTP has. */
let width = 1

const opened = () => {
  if (!subject) throw new Error('open a subject first')
  return subject
}

/** A bare handler: it reads the event, adds it to the subject's queue and answers 202 when it is durable. */
function handle(request: http.IncomingMessage, response: http.ServerResponse) {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    let status = 202
    try {
      const event: { id: string } = JSON.parse(Buffer.concat(chunks).toString())
      await opened().add(Number(event.id.replace('event-', '')), width)
    } catch {
      status = 500
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"ok":true}')
  })
}

const methods = {
  /** `name` is a file of this folder. Returns its settings, and the databases that it runs itself. */
  async open(name: string, setting: SubjectSetting): Promise<Pick<Subject, 'settings' | 'stores'>> {
    const file: { open: OpenSubject } = await import(`./${name}.ts`)
    subject = await file.open(setting)
    subjectName = name
    return { settings: subject.settings, stores: subject.stores }
  },
  /** Takes events over HTTP, and returns the port. */
  async listen(): Promise<number> {
    const server = http.createServer(handle)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return (server.address() as AddressInfo).port
  },
  widen(to: number): void {
    width = to
  },
  prepare: (n: number) => opened().prepare(n),
  vacuum: () => opened().vacuum(),
  start: () => opened().start(),
  /** Delivers the whole queue. Returns the seconds from the start to the last record. */
  async run(): Promise<number> {
    await startProfile()
    const began = performance.now()
    await opened().start()
    await opened().finished()
    const seconds = (performance.now() - began) / 1000
    await endProfile(subjectName)
    return seconds
  },
  stop: () => opened().stop(),
  takeStatementTimes,
}
export type SubjectMethods = typeof methods

serve(methods)
