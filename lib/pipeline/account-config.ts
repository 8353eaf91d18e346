import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { SourceKind } from '../events/event-types'
import type { FormatKey } from '../formats/format'
import type { Rule } from '../webhooks/webhook-schema'

// What ingest knows of an account, kept in memory and trusted as long as the account's config_version, which every
// ingest transaction reads first, is the one it was read at.

export type KnownWebhook = {
  id: string
  number: number
  version: number
  enabled: boolean
  format: FormatKey
  rule: Rule
}

export type KnownSource = { id: string; key: string; name: string; kind: SourceKind }

export type AccountConfig = {
  id: string
  version: number
  identifier: string
  /** The pre-shared key in force. */
  keyVersion: number | null
  webhooks: KnownWebhook[]
  /** Sources seen so far; others are looked up. A source's id never changes. */
  sources: Map<string, KnownSource>
}

const configSql = `
  select a.id, a.config_version as version, a.identifier, a.pre_shared_key_version as "keyVersion",
    coalesce((select json_agg(json_build_object('id', w.id, 'number', w.number, 'version', w.version,
        'enabled', w.enabled, 'format', w.format, 'rule', v.rule) order by w.number)
      from webhooks w join webhook_versions v
        on v.account_id = w.account_id and v.webhook_id = w.id and v.version = w.version
      where w.account_id = a.id and w.deleted_at is null), '[]') as webhooks
  from accounts a where a.id = $1`

const cache = new LRUCache<string, AccountConfig>({ max: 10_000 })

/** What was last read, of whatever version: for estimates only. */
export const lastKnownConfig = (accountId: string): AccountConfig | undefined => cache.get(accountId)

/** The configuration of these accounts as it stands inside this transaction. */
export async function currentConfigs(db: pg.ClientBase, accountIds: string[]): Promise<Map<string, AccountConfig>> {
  const { rows } = await db.query<{ id: string; version: number }>({
    name: 'config-versions',
    text: 'select id, config_version as version from accounts where id = any($1::uuid[])',
    values: [accountIds],
  })
  const found = new Map<string, AccountConfig>()
  for (const { id, version } of rows) {
    const kept = cache.get(id)
    found.set(id, kept && kept.version === version ? kept : await readConfig(db, id, kept))
  }
  return found
}

async function readConfig(db: pg.ClientBase, id: string, before: AccountConfig | undefined): Promise<AccountConfig> {
  const { rows } = await db.query<Omit<AccountConfig, 'sources'>>({ name: 'config', text: configSql, values: [id] })
  const row = rows[0]
  if (!row) throw new Error('an account disappeared')
  const config = { ...row, sources: before?.sources ?? new Map() }
  cache.set(id, config)
  return config
}
