import { shownUrl } from '../webhooks/shown-url'
import { shownDetail } from './call-queries'
import { compressedWords } from './compressed'
import type { CallDetail } from './read-call'
import { type ShownHeader, shownRequest } from './shown-request'

/** How many bytes of an answer's body deliver.ts keeps: fewer for a success than for anything else. */
const keptOfSuccess = 4 * 1024
const keptOfFailure = 64 * 1024

/**
 * An answer as it is shown. `bytes`: how many were read. `cut`: the body was longer than what is kept. `compressed`: of the
 * body only its size is kept.
 */
export type ShownResponse = { headers: ShownHeader[]; body: string; bytes: number; cut: boolean; compressed: boolean }

/**
 * A call as its page shows it, with keys masked. `whole` is false for a viewer, who sees only the host of the URL and
 * no answer, because an answer may repeat the URL and our keys.
 */
export function shownCall(detail: CallDetail, { whole }: { whole: boolean }) {
  const { call, webhook } = detail
  const request = shownRequest(detail)
  const shown = <T extends { failure: typeof call.failure; detail: string | null }>(answer: T): T => ({
    ...answer,
    detail: shownDetail(answer.failure, answer.detail, whole),
  })
  return {
    answer: shown({ status: call.status, failure: call.failure, detail: call.detail }),
    url: shownUrl(webhook.url, whole),
    request: request && (whole ? request : { ...request, line: 'POST /… HTTP/1.1' }),
    response: call.status === null || !whole ? undefined : shownResponse(detail),
    attempts: detail.attempts.map(shown),
  }
}
export type ShownCall = ReturnType<typeof shownCall>

function shownResponse({ call }: CallDetail): ShownResponse {
  const lines = JSON.parse(call.responseHeaders ?? '[]') as string[]
  const headers: ShownHeader[] = []
  for (let i = 0; i + 1 < lines.length; i += 2)
    headers.push({ name: lines[i] as string, value: lines[i + 1] as string, masked: false })
  const bytes = call.responseBytes ?? 0
  const body = call.responseBody ?? ''
  const compressed = body === compressedWords(bytes, keptOfFailure)
  const cut = !compressed && bytes > (call.failure === null ? keptOfSuccess : keptOfFailure)
  return { headers, body, bytes, cut, compressed }
}
