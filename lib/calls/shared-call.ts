import { mask } from '../pipeline/deliver/mask-echo'
import { shownUrl } from '../webhooks/shown-url'
import { maskPersonal, maskRepeated } from './personal-data'
import type { CallDetail } from './read-call'
import { type ShownResponse, shownCall } from './shown-call'
import type { ShownHeader, ShownRequest } from './shown-request'

// A call as the person sees it who was sent a link to it: of the URL its host, no key, and no personal data unless the
// sender ticked it. An answer may repeat what it got, so that what is masked in the request is masked in the answer. Pure.

/** A shorter part of a URL occurs in ordinary text. */
const soughtFromLength = 4
/** Headers of an answer that are the receiver's own secrets. */
const secretHeaders = /^(set-cookie|authorization|www-authenticate)$/i

export type SharedCall = {
  answer: ReturnType<typeof shownCall>['answer']
  host: string
  request: ShownRequest | undefined
  body: string | null
  response: ShownResponse | undefined
}

/** `personal`: personal data is shown. */
export function sharedCall(detail: CallDetail, { personal }: { personal: boolean }): SharedCall {
  const { webhook, body } = detail
  const { answer, request } = shownCall(detail, { whole: false })
  const { response } = shownCall(detail, { whole: true })
  const masked =
    body === null || personal
      ? { text: body, values: [] }
      : maskPersonal(body, webhook.encoding, { opensReview: webhook.format === 'feefo' })
  const ofTheUrl = partsOf(webhook.url)
  const clean = (text: string) => {
    const hidden = ofTheUrl.reduce((rest, part) => rest.replaceAll(part, mask), text)
    return personal ? hidden : maskRepeated(hidden, masked.values)
  }
  return {
    answer,
    host: shownUrl(webhook.url, false),
    request,
    body: masked.text,
    response: response && { ...response, body: clean(response.body), headers: response.headers.map(cleaned(clean)) },
  }
}

const cleaned =
  (clean: (text: string) => string) =>
  ({ name, value }: ShownHeader): ShownHeader =>
    secretHeaders.test(name) ? { name, value: mask, masked: true } : { name, value: clean(value), masked: false }

/** What of a URL may be a secret: path and query as a whole and in parts, the longest first. */
function partsOf(url: string): string[] {
  const { pathname, search, searchParams } = new URL(url)
  const parts = [pathname + search, pathname, search.slice(1), ...pathname.split('/'), ...searchParams.values()]
  return [...new Set(parts)].filter((part) => part.length >= soughtFromLength).sort((a, b) => b.length - a.length)
}
