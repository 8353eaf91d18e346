import type pg from 'pg'
import { newId } from '../../db/ids'
import type { SourceRecord } from '../../events/event-record'
import type { SourceKind } from '../../events/event-types'
import { withSourceDefaults } from '../../sources/source-defaults'
import type { AccountConfig } from './account-config'
import type { Arrival, IngestResult } from './arrival'

export const sourcesAtMost = 10_000

type NewSource = { account_id: string; id: string; key: string; name: string; kind: SourceKind }

/** The source of an arrival, if the account's configuration in memory has it. */
export const knownSource = (configs: ReadonlyMap<string, AccountConfig>, { accountId, event }: Arrival) =>
  configs.get(accountId)?.sources.get(withSourceDefaults(event.source).key)

/**
 * Returns the source of each arrival and registers unknown keys. It never renames a source. Beyond 10,000 sources in an
 * account, events with further keys are refused in `results`. Call `remember` after commit: it adds the new sources to
 * the cached configuration, which must not hold sources that were rolled back.
 */
export async function registerSources(
  db: pg.ClientBase,
  configs: Map<string, AccountConfig>,
  arrivals: Arrival[],
  results: IngestResult[],
): Promise<{ sources: (SourceRecord | undefined)[]; remember: () => void }> {
  const wanted = new Map<string, NewSource>()
  arrivals.forEach(({ accountId, event }, i) => {
    const { key, name, kind } = withSourceDefaults(event.source)
    const mark = `${accountId} ${key}`
    if (!results[i] && !configs.get(accountId)?.sources.has(key) && !wanted.has(mark))
      wanted.set(mark, { account_id: accountId, id: newId(), key, name, kind })
  })
  const learned = wanted.size > 0 ? await learn(db, sortedByKey(wanted)) : new Map<string, SourceRecord>()
  const sources = arrivals.map(({ accountId, event }, i) => {
    const { key } = withSourceDefaults(event.source)
    const source = configs.get(accountId)?.sources.get(key) ?? learned.get(`${accountId} ${key}`)
    if (!source && !results[i]) {
      const message = `This account has ${sourcesAtMost} sources; "${key}" would be one more.`
      results[i] = { code: 'too_many_sources', message, path: 'source.key' }
    }
    return source
  })
  const remember = () => {
    for (const [mark, source] of learned) configs.get(mark.slice(0, 36))?.sources.set(source.key, source)
  }
  return { sources, remember }
}

const sortedByKey = (wanted: Map<string, NewSource>) =>
  [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source)

/** Registers new sources in key order, and reads all that are wanted, by `account key`. */
async function learn(db: pg.ClientBase, wanted: NewSource[]): Promise<Map<string, SourceRecord>> {
  const values = [JSON.stringify(wanted)]
  const set = 'json_to_recordset($1) as r(account_id uuid, id uuid, key text, name text, kind text)'
  await db.query({
    name: 'register-sources',
    text: `insert into sources (account_id, id, key, name, kind)
      select r.account_id, r.id, r.key, r.name, r.kind from
        (select *, row_number() over (partition by account_id order by key) as n from ${set}
          where not exists (select 1 from sources s where s.account_id = r.account_id and s.key = r.key)) r
      where (select count(*) from sources s where s.account_id = r.account_id) + r.n <= ${sourcesAtMost}
      order by r.account_id, r.key collate "C"
      on conflict (account_id, key) do nothing`,
    values,
  })
  const { rows } = await db.query<SourceRecord & { account_id: string; archived: boolean }>({
    name: 'read-sources',
    text: `select s.account_id, s.id, s.key, s.name, s.kind, s.number, s.vendor_ids as "vendorIds",
      s.archived_at is not null as archived from ${set}
      join sources s on s.account_id = r.account_id and s.key = r.key`,
    values,
  })
  if (rows.some(({ archived }) => archived)) await returnArchived(db, values)
  return new Map(rows.map(({ account_id, archived: _, ...source }) => [`${account_id} ${source.key}`, source]))
}

/** Returns archived sources that an event names to use. Rows are locked in key order, as they are registered. */
async function returnArchived(db: pg.ClientBase, values: string[]): Promise<void> {
  await db.query({
    name: 'return-archived',
    text: `with found as materialized (
        select s.account_id, s.id from json_to_recordset($1) as r(account_id uuid, key text)
        join sources s on s.account_id = r.account_id and s.key = r.key
        where s.archived_at is not null order by s.account_id, s.key collate "C" for update of s)
      update sources s set archived_at = null from found
      where s.account_id = found.account_id and s.id = found.id`,
    values,
  })
}
