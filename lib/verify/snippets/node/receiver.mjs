import { createServer } from 'node:http'
import { authorized } from './authorized.mjs' // only: authorization
import { verify } from './verify.mjs' // only: signature

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks) // as it came: what was parsed and written again may differ by a byte
  const answer = (status) => response.writeHead(status).end()
  if (!authorized(request.headers)) return answer(401) // only: authorization
  if (!verify(request.headers, body)) return answer(401) // only: signature
  // It is genuine: keep the body now, answer at once, and work with it afterwards.
  answer(204)
})
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1')
