import type { IncomingMessage } from 'node:http'
import { foreignTo, refusals } from '../accounts/refusals'
import { refuseForeign } from '../accounts/same-origin'
import { hasSession } from '../accounts/session-cookie'

// What is refused of a request for a page before anything of its body is read.

const kiB = 1024
/** The webhook form, its sources, its test fire and its preview: an account's 10,000 sources, all of them chosen. */
const longBodies = /^\/settings\/webhooks\/[^/]+(\/edit)?$/
/** Requests with a body that are no server action. */
const postRoutes = new Set(['/settings/webhooks/preview', '/settings/calls/export', '/settings/events/export'])

type Setting = { dev: boolean; hubUrl: string; sessionSecret: string }
type Refusal = { status: number; title: string; message: string }

export const tooLong: Refusal = { status: 413, ...refusals.tooLong }
const badMethod = { status: 405, title: 'Method not allowed', message: 'Pages are read with GET.' }
const noMethod = {
  status: 405,
  title: 'Method not allowed',
  message: 'The API takes GET, POST, PUT, PATCH and DELETE.',
}
const gone = { status: 404, title: 'Not found', message: 'There is nothing here.' }

/** The management API. It asks for a key and for no cookie, so it takes requests of any origin. */
const isApi = (path: string) => path.startsWith('/api/v1/')
const apiMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** How many bytes a request's body may have. Which of a page's actions it names only the page knows. */
export function pageBodyLimit({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): number {
  // No DELETE has a body here. Passed on without a length, it would be read as another request.
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return 0
  if (isApi(pathOf(url))) return 512 * kiB
  return longBodies.test(pathOf(url)) ? 512 * kiB : 64 * kiB
}

/** Why a request for a page is refused by its method, origin, session or declared length; undefined lets it in. */
export function refusePageRequest(request: IncomingMessage, setting: Setting): Refusal | undefined {
  const { method, headers } = request
  const path = pathOf(request.url ?? '')
  // Next resizes images for anyone there; nothing here uses it.
  if (path === '/_next/image') return gone
  if (method === 'GET' || method === 'HEAD') return undefined
  const isLong = Number(headers['content-length'] ?? 0) > pageBodyLimit(request)
  if (isApi(path))
    return apiMethods.has(method ?? '') ? (isLong && method !== 'DELETE' ? tooLong : undefined) : noMethod
  // `next dev` posts to itself.
  if (setting.dev && path.startsWith('/__next')) return undefined
  if (method !== 'POST' || !(headers['next-action'] || postRoutes.has(path))) return badMethod
  const read = { get: (name: string) => [headers[name] ?? null].flat()[0] ?? null }
  if (refuseForeign(read, setting.hubUrl)) return { status: 403, ...foreignTo(setting.hubUrl) }
  if (path.startsWith('/settings') && !hasSession(headers.cookie, setting))
    return { status: 401, ...refusals.signedOut }
  return isLong ? tooLong : undefined
}

const pathOf = (target: string): string => target.split('?', 1)[0] ?? ''
