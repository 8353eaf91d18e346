import { createServer } from 'node:http'
import { authorized } from './authorized.mjs' // only: authorization
import { verify } from './verify.mjs' // only: signature

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks) // the raw bytes: parsing and writing them again may change some
  const answer = (status) => response.writeHead(status).end()
  if (!authorized(request.headers)) return answer(401) // only: authorization
  if (!verify(request.headers, body)) return answer(401) // only: signature
  // The call is genuine. Store the body, answer at once, and process it later.
  answer(204)
})
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1')
