import type { HubOptions } from '../hub.ts'

/** A tool of the MCP server. `changes`: it changes something, and is offered only when that is allowed. */
export type Tool = {
  name: string
  title: string
  description: string
  changes?: true
  input: { properties: Record<string, object>; required: string[] }
  /** Returns what the model reads, as JSON. Throws HubError, or an Error whose message says what to do. */
  run(hub: HubOptions, input: Record<string, unknown>): Promise<unknown>
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

export const webhookInput = {
  type: 'string',
  description: 'The id of a webhook (whk_…), or the platform’s own id of it.',
}
const time = { type: 'string', format: 'date-time' }
export const rangeInput = { webhook: webhookInput, since: time, until: time }

/** The path of a webhook's own addresses. Throws without one. */
export function webhookPath({ webhook }: Record<string, unknown>): string {
  const name = textOf(webhook)
  if (!name) throw new Error('Name the webhook.')
  return `/api/v1/webhooks/${encodeURIComponent(name)}`
}
