import net from 'node:net'
import { eventText, numberDigits, scoreOf } from './event-text'
import { openMessageReader } from './message-reader'

// One keep-alive connection that posts events. The bytes of the request are made once. Before each request only the
// digits that differ are overwritten.

const numberMark = '@'.repeat(numberDigits)
// No JSON number looks like this, so it occurs nowhere else in the text.
const scoreMark = '~'

export type Connection = {
  /** Posts events numbered from `number` on, and returns the status. */
  post(number: number): Promise<number>
  close(): void
}

export async function openConnection(port: number, apiKey: string, eventsPerRequest: number): Promise<Connection> {
  const request = makeRequest(apiKey, eventsPerRequest)
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined
  const fail = (error: Error) => waiting?.reject(error)
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the hub closed the connection')))
  socket.on(
    'data',
    // "HTTP/1.1 202 …"
    openMessageReader((head) => waiting?.resolve(Number(head.slice(9, 12)))),
  )
  return {
    post(number) {
      request.setNumber(number)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request.bytes)
      })
    },
    close() {
      waiting = undefined
      socket.destroy()
    },
  }
}

function makeRequest(apiKey: string, eventsPerRequest: number) {
  const event = eventText(numberMark, scoreMark)
  const body = eventsPerRequest === 1 ? event : `[${Array(eventsPerRequest).fill(event).join(',')}]`
  const head = [
    'POST /api/v1/events HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${apiKey}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
  const numbers = placesOf(bytes, numberMark)
  const scores = placesOf(bytes, scoreMark)
  const numbersEach = numbers.length / eventsPerRequest
  return {
    bytes,
    setNumber(first: number) {
      for (let i = 0; i < eventsPerRequest; i++) {
        for (let n = 0; n < numbersEach; n++) writeDigits(bytes, numbers[i * numbersEach + n] as number, first + i)
        bytes[scores[i] as number] = 48 + scoreOf(first + i)
      }
    },
  }
}

function placesOf(bytes: Buffer, mark: string): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) places.push(at)
  return places
}

function writeDigits(bytes: Buffer, at: number, number: number) {
  let rest = number
  for (let i = at + numberDigits - 1; i >= at; i--) {
    bytes[i] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}
