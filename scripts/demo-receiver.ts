import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** A receiver whose `/reviews` always answers 200, `/helpdesk` is slow, and `/crm` fails every third call. */
export async function startDemoReceiver(): Promise<{ url: string; close(): void }> {
  let calls = 0
  const server = http.createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    request.resume().on('end', () => {
      calls++
      if (request.url === '/helpdesk')
        setTimeout(() => answer(200, { ticket: 4000 + calls }), 300 + Math.random() * 900)
      else if (request.url === '/crm' && calls % 3 === 0) answer(503, { error: 'The CRM is being updated.' })
      else answer(200, { received: true })
    })
  })
  // A fixed port, so that the webhooks of an earlier demo still reach it. When it is in use, any free port.
  await new Promise<void>((ready) => {
    server.once('error', () => server.listen(0, '127.0.0.1', ready))
    server.listen(4010, '127.0.0.1', ready)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
