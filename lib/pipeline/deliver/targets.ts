import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { SealedHeader } from '../../db/schema'
import type { Encoding, Format, FormatKey } from '../../formats/format'
import { formats } from '../../formats/formats'
import { DamagedSealError, UnknownSealKeyError, unseal } from '../../secrets/seal'
import type { Secret } from '../../secrets/secret'
import { basicPasswordPlace, headerPlace, preSharedKeyPlace } from '../../webhooks/seal-places'
import {
  openSigningSecrets,
  type SealedSigningSecret,
  type SigningSecret,
  sealedSecretsSql,
} from '../../webhooks/secrets-in-force'
import { joinVersionInForce } from '../../webhooks/version-in-force'
import type { Authentication } from '../../webhooks/webhook-schema'
import type { AddressRange } from './address-guard'
import { guardedConnector } from './guarded-connector'
import { EchoMask } from './mask-echo'
import { Pool } from './undici'

// What a drainer knows of the webhooks it calls: the version in force, opened secrets, and one keep-alive pool each.
// An entry holds for the config_version of its account at which it was read; a newer version makes it be read again.

/** At most this many calls are in flight per webhook and drainer. */
export const inFlightAtMost = 10

export type Target = {
  configVersion: number
  version: number
  format: Format
  encoding: Encoding
  path: string
  retries: number
  timeoutMs: number
  basic?: { user: string; password: Secret }
  usesAccountKey: boolean
  customHeaders: string[]
  /** The secrets that sign now or will sign later; `secretsAt` picks those of a moment. */
  secrets: SigningSecret[]
  echoes: EchoMask
  /** To be read at each call: a pool that was closed because others were used more recently is opened again. */
  readonly client: Pool
}

/** Why a webhook can't be called. `wait`: its deliveries wait for an operator or a newer hub; otherwise they fail. */
export type Unusable = Pick<Target, 'configVersion' | 'version' | 'retries'> & {
  unusable: 'seal-key-missing' | 'format-unknown' | 'secret-unreadable' | 'url-unreadable'
  wait: boolean
}

type Row = {
  format: FormatKey
  encoding: Encoding
  version: number
  url: string
  authentication: Authentication
  basic_user: string | null
  sealed_basic_password: string | null
  headers: SealedHeader[]
  retries: number
  timeout_seconds: number
  config_version: number
  secrets: SealedSigningSecret[]
}

const readSql = `
  select w.format, w.encoding, w.version, v.url, v.authentication, v.basic_user, v.sealed_basic_password, v.headers, v.retries,
    v.timeout_seconds, a.config_version,
    ${sealedSecretsSql} as secrets
  from webhooks w join accounts a on a.id = w.account_id
  ${joinVersionInForce}
  where w.account_id = $1 and w.id = $2`

export type Targets = ReturnType<typeof openTargets>

/** Opens the cache. `allowed`: private ranges that may be called nevertheless. */
export function openTargets(db: pg.Pool, allowed: readonly AddressRange[]) {
  const closing = new Set<Promise<void>>()
  const close = (client: Pool) => {
    const closed: Promise<void> = client.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }
  const clients = new LRUCache<string, Pool>({ max: 2000, dispose: close })
  const cache = new LRUCache<string, Target | Unusable>({ max: 5000 })
  const keys = new LRUCache<string, Secret>({ max: 5000 })

  function clientFor(name: string, origin: string, timeoutMs: number): Pool {
    const kept = clients.get(name)
    if (kept) return kept
    const client = openClient(origin, allowed, timeoutMs)
    clients.set(name, client)
    return client
  }

  function toTarget(accountId: string, webhookId: string, row: Row): Target | Unusable {
    const common = { configVersion: row.config_version, version: row.version, retries: row.retries }
    const timeoutMs = row.timeout_seconds * 1000
    if (!URL.canParse(row.url)) return { ...common, unusable: 'url-unreadable', wait: false }
    if (!(row.format in formats)) return { ...common, unusable: 'format-unknown', wait: true }
    const url = new URL(row.url)
    const clientName = `${webhookId} ${timeoutMs} ${url.origin}`
    try {
      return {
        ...common,
        format: formats[row.format],
        encoding: row.encoding,
        path: url.pathname + url.search,
        timeoutMs,
        usesAccountKey: row.authentication === 'account-key',
        basic:
          row.authentication === 'basic'
            ? {
                user: row.basic_user ?? '',
                password: unseal(
                  row.sealed_basic_password ?? '',
                  basicPasswordPlace(accountId, webhookId, row.version),
                ),
              }
            : undefined,
        customHeaders: row.headers.flatMap(({ name, sealed }) => [
          name,
          unseal(sealed, headerPlace(accountId, webhookId, row.version, name)).reveal(),
        ]),
        secrets: openSigningSecrets(row.secrets, accountId, webhookId),
        echoes: new EchoMask(),
        get client() {
          return clientFor(clientName, url.origin, timeoutMs)
        },
      }
    } catch (error) {
      if (error instanceof UnknownSealKeyError) return { ...common, unusable: 'seal-key-missing', wait: true }
      if (error instanceof DamagedSealError) return { ...common, unusable: 'secret-unreadable', wait: false }
      throw error
    }
  }

  return {
    /** The webhook as it stands at `configVersion` of its account or later; undefined when it is gone altogether. */
    async get(accountId: string, webhookId: string, configVersion: number): Promise<Target | Unusable | undefined> {
      const kept = cache.get(webhookId)
      if (kept && kept.configVersion >= configVersion && !('unusable' in kept)) return kept
      const { rows } = await db.query<Row>({ name: 'target', text: readSql, values: [accountId, webhookId] })
      const row = rows[0]
      if (!row) return undefined
      const target = toTarget(accountId, webhookId, row)
      cache.set(webhookId, target)
      return target
    },

    /** The pre-shared key of a version, if it is in the cache. */
    knownPreSharedKey: (accountId: string, version: number): Secret | undefined => keys.get(`${accountId}:${version}`),

    /** The pre-shared key of a version. Throws as `unseal` does. */
    async preSharedKey(accountId: string, version: number): Promise<Secret> {
      const name = `${accountId}:${version}`
      const kept = keys.get(name)
      if (kept) return kept
      const text = 'select sealed from pre_shared_keys where account_id = $1 and version = $2'
      const { rows } = await db.query<{ sealed: string }>({ name: 'psk', text, values: [accountId, version] })
      const key = unseal(rows[0]?.sealed ?? '', preSharedKeyPlace(accountId, version))
      keys.set(name, key)
      return key
    },

    async close(): Promise<void> {
      clients.clear()
      await Promise.all(closing)
    },
  }
}

/** A keep-alive pool of one webhook. A connection lives for 60 s idle and 5 min in all; headers may have 64 KiB. */
export function openClient(origin: string, allowed: readonly AddressRange[], timeoutMs: number): Pool {
  return new Pool(origin, {
    connect: guardedConnector(allowed, timeoutMs),
    connections: inFlightAtMost,
    pipelining: 1,
    maxHeaderSize: 64 * 1024,
    keepAliveTimeout: 60_000,
    keepAliveMaxTimeout: 60_000,
    clientTtl: 5 * 60_000,
    // The deadline of deliver.ts is the one that counts.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
