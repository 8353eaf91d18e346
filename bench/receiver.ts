import net from 'node:net'
import { serve } from './child'
import { numberDigits } from './event-text'
import { openMessageReader } from './message-reader'
import { openWallClock } from './wall-clock'

// The process that receives calls: raw TCP with as little parsing as possible. It answers 200 at once, unless it is told
// to hang. It records when each webhook-id first arrived and which event its body has, and counts repeats.

const answer = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok',
)

let now = openWallClock()
let arrivals = new Map<string, number>()
/** The number of the event and the time of each first arrival at an origin that answers. */
let numbers: number[] = []
let times: number[] = []
let calls = 0
let repeated = 0
/** The origin that does not answer, and how many calls it got. */
let hangs: string | undefined
let hung = 0

/** The platform's id of the feedback, which every body has (event-text.ts). */
const mark = '"feedback-'

function arrive(head: string, body: string, hangs: boolean) {
  calls++
  const at = head.indexOf('webhook-id: ') + 12
  // Copied through a buffer. A slice would keep the whole chunk in memory as long as the map has it.
  const id = Buffer.from(head.slice(at, head.indexOf('\r', at)), 'latin1').toString('latin1')
  if (arrivals.has(id)) {
    repeated++
    return
  }
  const time = now()
  arrivals.set(id, time)
  if (hangs) return
  const number = body.indexOf(mark) + mark.length
  numbers.push(Number(body.slice(number, number + numberDigits)))
  times.push(time)
}

function listen(host: string, port: number): Promise<number> {
  let origin = ''
  const server = net.createServer({ noDelay: true }, (socket) => {
    const read = openMessageReader((head, body) => {
      arrive(head, body, origin === hangs)
      if (origin === hangs) hung++
      else socket.write(answer)
    })
    socket.on('data', read)
    socket.on('error', () => {})
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const at = (server.address() as net.AddressInfo).port
      origin = `http://${host}:${at}`
      resolve(at)
    })
  })
}

const methods = {
  /** Listens at `count` loopback origins: 127.0.0.1, 127.0.0.2, … at one port, where the system has those addresses. */
  async open(count: number): Promise<string[]> {
    const port = await listen('127.0.0.1', 0)
    const origins = [`http://127.0.0.1:${port}`]
    for (let i = 2; i <= count; i++) {
      const host = `127.0.0.${i}`
      origins.push(
        await listen(host, port).then(
          () => `http://${host}:${port}`,
          // macOS has only 127.0.0.1. A different port is a different origin too.
          async () => `http://127.0.0.1:${await listen('127.0.0.1', 0)}`,
        ),
      )
    }
    return origins
  },
  reset() {
    now = openWallClock()
    arrivals = new Map()
    numbers = []
    times = []
    calls = 0
    repeated = 0
    hung = 0
  },
  /** From now on this origin accepts calls and never answers. Undefined: every origin answers. */
  hang(at: string | undefined) {
    hangs = at
  },
  count: () => ({ calls, repeated, hung }),
  /** When each webhook-id first arrived, in milliseconds since 1970. */
  arrivals: () => arrivals,
  /** The same by event: the numbers of the events, and in the same order when each call arrived. */
  arrivedEvents: () => ({ numbers: Float64Array.from(numbers), times: Float64Array.from(times) }),
}
export type ReceiverMethods = typeof methods

serve(methods)
