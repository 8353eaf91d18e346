import type { IncomingMessage, ServerResponse } from 'node:http'
import { refusalText } from '../accounts/refusals'
import { BodyTooLongError, forward, forwardUpgrade, PagesAwayError } from '../pages/forward'
import { answerAway } from './away'
import { believeHeaders, type IsTrusted } from './client-address'
import type { UpgradeListener } from './http-server'
import type { PageHandler } from './listener'
import { discardBody } from './pace-body'
import { pageBodyLimit, refusePageRequest, tooLong } from './page-bounds'

type Pages = { socketPath: string; isReady(): boolean }
type Setting = Parameters<typeof refusePageRequest>[1] & {
  /** Called with the reason when their process was there and did not answer. */
  onAway(reason: string): void
}

/** Answers for the pages: refuses what it can, and streams the rest to their process, or answers 503 while that is away. */
export const openPages =
  (pages: Pages, setting: Setting): PageHandler =>
  async (request, response) => {
    const refusal = refusePageRequest(request, setting)
    if (refusal) return answerRefusal(request, response, refusal)
    if (!pages.isReady()) return answerAway(request, response)
    showOrigin(request)
    try {
      await forward(request, response, { socketPath: pages.socketPath, limit: pageBodyLimit(request) })
    } catch (error) {
      if (error instanceof BodyTooLongError) return answerRefusal(request, response, tooLong)
      if (!(error instanceof PagesAwayError)) throw error
      setting.onAway(error.message)
      answerAway(request, response)
    }
  }

/** Next compares Origin with X-Forwarded-Host or Host, which a proxy may have replaced. Here the Origin was judged already. */
function showOrigin({ headers, method }: IncomingMessage): void {
  if (method === 'GET' || method === 'HEAD' || !URL.canParse(headers.origin ?? '')) return
  headers.host = new URL(headers.origin as string).host
  delete headers['x-forwarded-host']
}

const apiAllows = 'GET, HEAD, POST, PUT, PATCH, DELETE'
type Refusal = NonNullable<ReturnType<typeof refusePageRequest>>

/** To an action in text, which is what Next shows of it; to everybody else as problem details (RFC 9457). */
function answerRefusal(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, title, message: detail } = refusal
  const isAction = request.headers['next-action'] !== undefined
  const body = isAction ? refusalText(refusal) : JSON.stringify({ type: 'about:blank', title, status, detail })
  response.writeHead(status, {
    'content-type': isAction ? 'text/plain' : 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: request.url?.startsWith('/api/') ? apiAllows : 'GET, HEAD' } : {}),
  })
  // A client that still sends would not see an answer on a connection that closes.
  discardBody(request)
  response.end(body)
}

/** Joins connections that switch protocols with the process of the pages: the web socket of `next dev`. */
export const openPageUpgrades =
  (pages: Pages, isTrusted: IsTrusted): UpgradeListener =>
  (request, socket, head) => {
    believeHeaders(request, request.socket.remoteAddress ?? '', isTrusted)
    if (pages.isReady()) forwardUpgrade(request, socket, head, pages.socketPath)
    else socket.destroy()
  }
