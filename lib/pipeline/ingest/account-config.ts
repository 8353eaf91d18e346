import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { SourceRecord } from '../../events/event-record'
import { compileOnlyIf, type OnlyIfJudge } from '../../events/only-if'
import type { Encoding, Format, FormatKey } from '../../formats/format'
import { formats } from '../../formats/formats'
import type { OnlyIf } from '../../webhooks/only-if-schema'
import { joinVersionInForce } from '../../webhooks/version-in-force'
import type { Rule } from '../../webhooks/webhook-schema'

// The configuration of an account, cached in memory. Every ingest transaction compares its version with the account's
// config_version, and starts again with a fresh one if that has moved on.

export type KnownWebhook = {
  id: string
  number: number
  version: number
  enabled: boolean
  /** A person holds it: its deliveries wait. */
  held: boolean
  format: Format
  encoding: Encoding
  rule: Rule
  onlyIf: OnlyIfJudge | null
  /** Ids of the sources it is linked to; null: all sources. */
  sources: ReadonlySet<string> | null
}

export type AccountConfig = {
  id: string
  version: number
  identifier: string
  /** The pre-shared key in force. */
  keyVersion: number | null
  webhooks: KnownWebhook[]
  wootricToken: string | null
  teamId: string | null
  /** By key: the sources seen since this version was read. Others are looked up. */
  sources: Map<string, SourceRecord>
}

const configSql = `
  select a.id, a.config_version as version, a.identifier, a.pre_shared_key_version as "keyVersion",
    a.wootric_token as "wootricToken", a.team_id as "teamId",
    coalesce((select json_agg(json_build_object('id', w.id, 'number', w.number, 'version', w.version,
        'enabled', w.enabled, 'held', w.held_at is not null, 'format', w.format, 'encoding', w.encoding, 'rule', v.rule, 'onlyIf', v.only_if,
        'sources', case when not w.all_sources then
          (select coalesce(json_agg(s.source_id), '[]') from webhook_sources s
            where s.account_id = w.account_id and s.webhook_id = w.id) end) order by w.number)
      from webhooks w ${joinVersionInForce}
      where w.account_id = a.id and w.deleted_at is null), '[]') as webhooks
  from accounts a where a.id = $1`

const cache = new LRUCache<string, AccountConfig>({ max: 10_000 })

/** The configuration last read, of any version. For estimates only. */
export const lastKnownConfig = (accountId: string): AccountConfig | undefined => cache.get(accountId)

/** The configuration of these accounts from memory, or read where there is none. `areCurrent` checks it afterwards. */
export async function recallConfigs(db: pg.ClientBase, accountIds: string[]): Promise<Map<string, AccountConfig>> {
  const configs = new Map<string, AccountConfig>()
  for (const id of accountIds) configs.set(id, cache.get(id) ?? (await readConfig(db, id)))
  return configs
}

/**
 * Whether these configurations are the accounts' current ones, read inside the caller's transaction. Those that are not
 * are dropped from memory.
 */
export async function areCurrent(db: pg.ClientBase, configs: Map<string, AccountConfig>): Promise<boolean> {
  const { rows } = await db.query<{ id: string; version: number }>({
    name: 'config-versions',
    text: 'select id, config_version as version from accounts where id = any($1::uuid[])',
    values: [[...configs.keys()]],
  })
  const versions = new Map(rows.map(({ id, version }) => [id, version]))
  const stale = [...configs.values()].filter(({ id, version }) => versions.get(id) !== version)
  for (const { id } of stale) cache.delete(id)
  return stale.length === 0
}

type ConfigRow = Omit<AccountConfig, 'sources' | 'webhooks'> & {
  webhooks: (Omit<KnownWebhook, 'format' | 'onlyIf' | 'sources'> & {
    format: string
    onlyIf: OnlyIf[]
    sources: string[] | null
  })[]
}

async function readConfig(db: pg.ClientBase, id: string): Promise<AccountConfig> {
  const { rows } = await db.query<ConfigRow>({ name: 'config', text: configSql, values: [id] })
  const row = rows[0]
  if (!row) throw new Error('an account disappeared')
  const config = { ...row, webhooks: row.webhooks.map(known), sources: new Map<string, SourceRecord>() }
  cache.set(id, config)
  return config
}

/** Throws on a format or a condition of a newer hub: leaving either out would lose or add deliveries, so the group must fail. */
function known({ format, onlyIf, sources, ...webhook }: ConfigRow['webhooks'][number]): KnownWebhook {
  if (!(format in formats)) throw new Error(`this version of the hub does not know the format ${format}`)
  return {
    ...webhook,
    format: formats[format as FormatKey],
    onlyIf: compileOnlyIf(onlyIf),
    sources: sources && new Set(sources),
  }
}
