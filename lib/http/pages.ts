import type { Server } from 'node:http'
import { ConfigurationError } from '../env'
import type { PageHandler } from './listener'

/** Prepares Next on our http server. Imported here and not above: NODE_ENV has to be set before React is read. */
export async function preparePages(options: {
  dev: boolean
  hostname: string
  port: number
  httpServer: Server
}): Promise<{ handle: PageHandler; close(): Promise<void> }> {
  const { default: next } = await import('next')
  const app = next(options)
  try {
    await app.prepare()
  } catch (error) {
    if (!/production build/.test((error as Error).message)) throw error
    throw new ConfigurationError('There is no build yet: run npm start, or npm run build first')
  }
  const handle = app.getRequestHandler()
  return { handle: (request, response) => handle(request, response), close: () => app.close() }
}
