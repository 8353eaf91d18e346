import { readId, showId } from '../type-id'

/** What the log of calls can be narrowed to. `test`: a person's test fires, however they ended. */
export const callResults = ['all', 'delivered', 'failed', 'test'] as const
export type CallResult = (typeof callResults)[number]

export type CallFilter = { webhookId?: string; result: CallResult }

type Asked = Record<string, string | string[] | undefined>

/** The filter that an address asks for; undefined: it names a webhook that can't be one. */
export function readCallFilter({ webhook, result }: Asked): CallFilter | undefined {
  const webhookId = typeof webhook === 'string' && webhook !== '' ? readId('webhook', webhook) : undefined
  if (webhook && !webhookId) return undefined
  return { webhookId, result: callResults.find((known) => known === result) ?? 'all' }
}

/** The same as the query of an address, without its question mark. */
export function callFilterQuery({ webhookId, result }: CallFilter): string {
  const query = new URLSearchParams()
  if (webhookId) query.set('webhook', showId('webhook', webhookId))
  if (result !== 'all') query.set('result', result)
  return query.toString()
}

export const isFiltered = ({ webhookId, result }: CallFilter): boolean => webhookId !== undefined || result !== 'all'
