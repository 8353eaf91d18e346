import { ask, type HubOptions, readJson } from '../hub.ts'
import { rangeInput, type Tool, textOf, webhookInput, webhookPath } from './tool.ts'

// What the MCP server answers without changing anything.

type Page<T> = { data: T[]; next: string | null }
type Webhook = { id: string; name: string; switch: string }
type Decision = { webhook: { id: string; externalId: string | null }; reason: string }
type EventDetail = { id: string; decisions: Decision[] }

export const get = async <T>(hub: HubOptions, path: string): Promise<T> => readJson(await ask(hub, path))

const why: Tool = {
  name: 'why',
  title: 'Why did or didn’t this fire?',
  description:
    'For an event, or for the latest events of one feedback: what each webhook decided and why, and what became of its ' +
    'deliveries.',
  input: {
    properties: {
      event: { type: 'string', description: 'The hub’s id of an event: evt_…' },
      subject: { type: 'string', description: 'The platform’s id of the feedback, decline, message or event.' },
      webhook: { ...webhookInput, description: 'Only this webhook’s decision, by the hub’s id or the platform’s own.' },
    },
    required: [],
  },
  async run(hub, { event, subject, webhook }) {
    const ids = [textOf(event)].filter((id) => id !== undefined)
    if (ids.length === 0) {
      if (!textOf(subject)) throw new Error('Name an event or a subject.')
      const path = `/api/v1/events?limit=5&subject=${encodeURIComponent(String(subject))}`
      ids.push(...(await get<Page<{ id: string }>>(hub, path)).data.map(({ id }) => id))
    }
    const events = ids.map((id) => get<EventDetail>(hub, `/api/v1/events/${encodeURIComponent(id)}`))
    const named = (decision: Decision) => [decision.webhook.id, decision.webhook.externalId].includes(String(webhook))
    const shown = (await Promise.all(events)).map(({ decisions, ...rest }) => ({
      ...rest,
      decisions: textOf(webhook) ? decisions.filter(named) : decisions,
    }))
    if (shown.length === 0) return 'There is no such event, or it is older than the history that the hub keeps.'
    return shown
  },
}

const webhooksAtMost = 200
const atOnce = 5

const failing: Tool = {
  name: 'failing',
  title: 'What is failing?',
  description:
    'Every webhook that fails, is probed, is held or was turned off, with its state and its last failed calls.',
  input: { properties: {}, required: [] },
  async run(hub) {
    const webhooks: Webhook[] = []
    for (let after: string | null = ''; after !== null && webhooks.length < webhooksAtMost; ) {
      const page: Page<Webhook> = await get(hub, `/api/v1/webhooks?limit=100${after && `&after=${after}`}`)
      webhooks.push(...page.data)
      after = page.next
    }
    const found: unknown[] = []
    const waiting = [...webhooks]
    const look = async () => {
      for (let webhook = waiting.shift(); webhook; webhook = waiting.shift()) {
        const state = await get<{ kind: string; failures: number }>(hub, `/api/v1/webhooks/${webhook.id}/state`)
        if (['on', 'off'].includes(state.kind) && state.failures === 0) continue
        const calls = await get<Page<unknown>>(hub, `/api/v1/calls?limit=3&result=failed&webhook=${webhook.id}`)
        found.push({ id: webhook.id, name: webhook.name, state, lastFailedCalls: calls.data })
      }
    }
    await Promise.all(Array.from({ length: atOnce }, look))
    return { webhooks: webhooks.length, failing: found }
  },
}

const call: Tool = {
  name: 'call',
  title: 'Show one call',
  description: 'The exact request of a call with its secrets masked, the answer, and all attempts of its delivery.',
  input: { properties: { call: { type: 'string', description: 'cal_…' } }, required: ['call'] },
  run: (hub, input) => get(hub, `/api/v1/calls/${encodeURIComponent(String(input.call))}`),
}

type Counted = Record<'failed' | 'missed', { count: number }[]>

/** How many deliveries a recovery of a webhook and a time range would make. */
export async function countRecoverable(hub: HubOptions, input: Record<string, unknown>) {
  const query = new URLSearchParams({ since: String(input.since), until: String(input.until) })
  const counted = await get<Counted>(hub, `${webhookPath(input)}/recoverable?${query}`)
  const sum = (rows: { count: number }[]) => rows.reduce((total, { count }) => total + count, 0)
  return { ...counted, totals: { failed: sum(counted.failed), missed: sum(counted.missed) } }
}

const count: Tool = {
  name: 'count_recoverable',
  title: 'Count what could be recovered',
  description: 'By day and reason: what of a webhook failed for good and what it missed in a time range.',
  input: { properties: rangeInput, required: ['webhook', 'since', 'until'] },
  run: countRecoverable,
}

export const readTools: Tool[] = [why, failing, call, count]
