import { readId, showId } from '../type-id'

/** The results that the call log can be filtered by. `test`: test fires, whatever their result. */
export const callResults = ['all', 'delivered', 'failed', 'test'] as const
export type ResultFilter = (typeof callResults)[number]

export type CallFilter = { webhookId?: string; result: ResultFilter }

type Parameters = Record<string, string | string[] | undefined>

/** Reads the filter from the parameters of an address. Undefined: the webhook id is malformed. */
export function readCallFilter({ webhook, result }: Parameters): CallFilter | undefined {
  const webhookId = typeof webhook === 'string' && webhook !== '' ? readId('webhook', webhook) : undefined
  if (webhook && !webhookId) return undefined
  return { webhookId, result: callResults.find((known) => known === result) ?? 'all' }
}

/** The filter as a query string, without the question mark. */
export function callFilterQuery({ webhookId, result }: CallFilter): string {
  const query = new URLSearchParams()
  if (webhookId) query.set('webhook', showId('webhook', webhookId))
  if (result !== 'all') query.set('result', result)
  return query.toString()
}

export const isFiltered = ({ webhookId, result }: CallFilter): boolean => webhookId !== undefined || result !== 'all'
