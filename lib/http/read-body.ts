/** The body, or undefined as soon as it is longer than `limit` bytes; the rest is not read. */
export async function readBody(request: Request, limit: number): Promise<Buffer | undefined> {
  const declared = request.headers.get('content-length')
  if (declared !== null) {
    // node's parser holds a body to its Content-Length. Read whole, it costs half of what the stream does.
    return Number(declared) > limit ? undefined : Buffer.from(await request.arrayBuffer())
  }
  if (!request.body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.length
    if (bytes > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
