import type { IncomingMessage } from 'node:http'
import { foreignTo, refusals } from '../accounts/refusals'
import { refuseForeign } from '../accounts/same-origin'
import { hasSession } from '../accounts/session-cookie'

// What is refused of a request for a page before anything of its body is read.

const kiB = 1024
/** The webhook form, its sources, its test fire and its preview: an account's 10,000 sources, all of them chosen. */
const longBodies = /^\/settings\/webhooks\/[^/]+(\/edit)?$/
/** Requests with a body that are no server action. */
const postRoutes = new Set(['/settings/webhooks/preview'])

type Setting = { dev: boolean; hubUrl: string; sessionSecret: string }
type Refusal = { status: number; title: string; message: string }

export const tooLong: Refusal = { status: 413, ...refusals.tooLong }
const badMethod = { status: 405, title: 'Method not allowed', message: 'Pages are read with GET.' }
const gone = { status: 404, title: 'Not found', message: 'There is nothing here.' }

/** How many bytes a request's body may have. Which of a page's actions it names only the page knows. */
export function pageBodyLimit({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): number {
  if (method === 'GET' || method === 'HEAD') return 0
  return longBodies.test(pathOf(url)) ? 512 * kiB : 64 * kiB
}

/** Why a request for a page is refused by its method, origin, session or declared length; undefined lets it in. */
export function refusePageRequest(request: IncomingMessage, setting: Setting): Refusal | undefined {
  const { method, headers } = request
  const path = pathOf(request.url ?? '')
  // Next resizes images for anyone there; nothing here uses it.
  if (path === '/_next/image') return gone
  if (method === 'GET' || method === 'HEAD') return undefined
  // `next dev` posts to itself.
  if (setting.dev && path.startsWith('/__next')) return undefined
  if (method !== 'POST' || !(headers['next-action'] || postRoutes.has(path))) return badMethod
  const read = { get: (name: string) => [headers[name] ?? null].flat()[0] ?? null }
  if (refuseForeign(read, setting.hubUrl)) return { status: 403, ...foreignTo(setting.hubUrl) }
  if (path.startsWith('/settings') && !hasSession(headers.cookie, setting))
    return { status: 401, ...refusals.signedOut }
  return Number(headers['content-length'] ?? 0) > pageBodyLimit(request) ? tooLong : undefined
}

const pathOf = (target: string): string => target.split('?', 1)[0] ?? ''
