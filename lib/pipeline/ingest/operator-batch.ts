import type pg from 'pg'
import type { ParsedBody, ParsedEvent } from '../../events/parse-events'
import { readId } from '../../type-id'
import type { Arrival } from './arrival'

// Events that come with the operator's key: each names its account, by the hub's id or by the platform's own.

type Row = { id: string; externalId: string | null }

/** The events with their accounts. Events of an unknown or suspended account are rejected, each by itself. */
export async function findAccounts(
  db: pg.Pool,
  { events, rejected }: ParsedBody,
): Promise<{ arrivals: Arrival[]; parsed: ParsedBody }> {
  const names = [...new Set(events.map(({ account = '' }) => account))]
  const own = names.map((name) => readId('account', name)).filter((id) => id !== undefined)
  const { rows } = await db.query<Row>({
    name: 'accounts-of-operator',
    text: `select id, external_id as "externalId" from accounts
      where (id = any($1::uuid[]) or external_id = any($2)) and suspended_at is null`,
    values: [own, names],
  })
  const ids = new Map(rows.flatMap(({ id, externalId }) => [[id, id] as const, [externalId ?? id, id] as const]))
  const idOf = ({ account = '' }: ParsedEvent) => ids.get(readId('account', account) ?? account)
  const unknown = events
    .filter((event) => idOf(event) === undefined)
    .map(({ index, event }) => ({
      index,
      id: event.id ?? null,
      code: 'unknown_account' as const,
      message: 'names no account of this hub, or a suspended one',
      path: 'account',
    }))
  const taken = events.flatMap((event) => {
    const accountId = idOf(event)
    return accountId ? [{ ...event, accountId }] : []
  })
  return { arrivals: taken, parsed: { events: taken, rejected: [...rejected, ...unknown] } }
}
