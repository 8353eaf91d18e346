import { FastResponse } from './fast-response'

/** An error answer as RFC 9457 problem details; `more` are extension members. */
export function problem(
  status: number,
  title: string,
  detail: string,
  { headers = {}, more = {} }: { headers?: Record<string, string>; more?: Record<string, unknown> } = {},
): Response {
  return new FastResponse(JSON.stringify({ type: 'about:blank', title, status, detail, ...more }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}

/** An answer in JSON that no cache keeps. */
export const json = (value: unknown, status = 200): Response =>
  new FastResponse(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
