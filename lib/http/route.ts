import type { IncomingMessage } from 'node:http'

/**
 * A web-standard handler: server.ts and, on serverless hosts, app/api/…/route.ts mount the same one. `incoming` is Node's
 * own message; only the long-running process has it.
 */
export type Handler = (request: Request, incoming?: IncomingMessage) => Promise<Response>

/**
 * What the long-running process answers itself. `path` is exact, or ends in `/*` and takes everything below. `notRead`: GET
 * and HEAD are left to the pages.
 */
export type Route = { path: string; handler: Handler; notRead?: boolean }

/** The handler for a method and a target such as `/api/v1/reviews/all?id=7`; undefined leaves it to the pages. */
export function matchRoute(routes: readonly Route[], target: string, method = 'POST'): Handler | undefined {
  const isRead = method === 'GET' || method === 'HEAD'
  const end = target.indexOf('?')
  const pathname = end < 0 ? target : target.slice(0, end)
  return routes.find(
    ({ path, notRead }) =>
      (path.endsWith('/*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path) && !(notRead && isRead),
  )?.handler
}
