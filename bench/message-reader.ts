// As much of HTTP/1.1 as is needed to find where messages end. The receiver and the load generator must use little CPU,
// because on two cores they run beside the measured process.

const headEnd = '\r\n\r\n'
const lastChunk = '\r\n0\r\n\r\n'

/** Makes a reader for one connection. `onMessage` gets each message's head and body when its body has arrived too. */
export function openMessageReader(onMessage: (head: string, body: string) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined
  return (chunk) => {
    const data = rest ? Buffer.concat([rest, chunk]) : chunk
    const text = data.toString('latin1')
    let at = 0
    while (at < text.length) {
      const body = text.indexOf(headEnd, at) + headEnd.length
      if (body < headEnd.length) break
      const head = text.slice(at, body)
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)
      const end = length ? body + Number(length[1]) : endOfUnsized(text, head, body)
      if (end > text.length) break
      onMessage(head, text.slice(body, end))
      at = end
    }
    rest = at < data.length ? data.subarray(at) : undefined
  }
}

function endOfUnsized(text: string, head: string, body: number): number {
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return body
  // Searches from the last bytes of the head, because an empty body is only the last chunk.
  const end = text.indexOf(lastChunk, body - 2)
  return end < 0 ? Number.POSITIVE_INFINITY : end + lastChunk.length
}
