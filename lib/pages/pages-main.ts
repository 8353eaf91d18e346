import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import next from 'next'
import { asCaller } from '../accounts/caller'
import { CLIENT_ADDRESS_HEADER } from '../http/client-address'
import { logConsole } from '../log-console'
import { handleBehindDoor } from './behind-door'

// The process of the pages: Next, on a Unix socket. pages-process.ts starts it and ends it by closing the channel, which
// closes too when the hub is killed. A signal to the whole group (Ctrl-C) is for the hub alone: it lets requests end first.

const { socketPath, ...settings } = JSON.parse(process.argv[2] as string) as {
  socketPath: string
  dev: boolean
  hostname: string
  port: number
}

logConsole(settings)
process.on('SIGINT', () => {}).on('SIGTERM', () => {})
process.on('disconnect', end)
// The hub may have been killed while this file and Next were loaded, before anything listened for that.
if (!process.connected) end()

// The hub has the time limits. These would end a page that is streamed for long.
const server = http.createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 })
const app = next({ ...settings, httpServer: server })
await app.prepare()
const handle = app.getRequestHandler()
server.on('request', (request, response) => {
  const address = String(request.headers[CLIENT_ADDRESS_HEADER] ?? 'unknown')
  asCaller({ address }, () =>
    handleBehindDoor(response, () => handle(request, response)).catch((error) => {
      console.error(error)
      response.destroy()
    }),
  )
})
fs.rmSync(socketPath, { force: true })
server.listen(socketPath, () => process.send?.('ready'))

function end(): void {
  fs.rmSync(path.dirname(socketPath), { recursive: true, force: true })
  process.exit()
}
