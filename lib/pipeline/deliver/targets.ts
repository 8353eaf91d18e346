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
import { blockedPart, type UrlPolicy } from '../../webhooks/url-schema'
import { joinVersionInForce } from '../../webhooks/version-in-force'
import type { Authentication, Success } from '../../webhooks/webhook-schema'
import { readRanges } from './address-guard'
import { CallPool } from './call-pool'
import { type Guard, guardedConnector } from './guarded-connector'
import { EchoMask } from './mask-echo'

// What a drainer knows of the webhooks it calls: the version in force, opened secrets, and one keep-alive pool each.
// An entry holds for the config_version of its account at which it was read; a newer version makes it be read again.

/** At most this many calls are in flight per webhook and drainer. */
export const inFlightAtMost = 10
/** A kept connection lives so long idle, and less where its receiver was found to close it sooner. */
const idleAtMostMs = 60_000
/** A connection that was closed after a shorter idle time says more of a restart than of how long a receiver keeps it. */
const tellingIdleMs = 100

export type Target = {
  configVersion: number
  version: number
  format: Format
  encoding: Encoding
  path: string
  retries: number
  timeoutMs: number
  success: Success
  basic?: { user: string; password: Secret }
  usesAccountKey: boolean
  customHeaders: string[]
  /** The secrets that sign now or will sign later; `secretsAt` picks those of a moment. */
  secrets: SigningSecret[]
  echoes: EchoMask
  /** To be read at each call: a pool that was closed because others were used more recently is opened again. */
  readonly client: CallPool
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
  success: Success
  config_version: number
  secrets: SealedSigningSecret[]
}

const readSql = `
  select w.format, w.encoding, w.version, v.url, v.authentication, v.basic_user, v.sealed_basic_password, v.headers, v.retries,
    v.timeout_seconds, v.success, a.config_version,
    ${sealedSecretsSql} as secrets
  from webhooks w join accounts a on a.id = w.account_id
  ${joinVersionInForce}
  where w.account_id = $1 and w.id = $2`

export type Targets = ReturnType<typeof openTargets>

/** Opens the cache. `policy`: what the operator allows, also of URLs that were saved when more was allowed. */
export function openTargets(db: pg.Pool, policy: UrlPolicy) {
  const allowed = readRanges(policy.privateTargets)
  const closing = new Set<Promise<void>>()
  const close = (client: CallPool) => {
    const closed: Promise<void> = client.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }
  const clients = new LRUCache<string, CallPool>({ max: 2000, dispose: close })
  /** How long connections may be idle, by webhook id, where it is shorter than usual. */
  const idleLimits = new LRUCache<string, number>({ max: 5000 })
  const cache = new LRUCache<string, Target | Unusable>({ max: 5000 })
  const keys = new LRUCache<string, Secret>({ max: 5000 })

  function clientFor(webhookId: string, url: URL, timeoutMs: number, plainHttp: boolean): CallPool {
    const name = `${webhookId} ${timeoutMs} ${url.origin}`
    const kept = clients.get(name)
    if (kept) return kept
    const idleMs = idleLimits.get(webhookId) ?? idleAtMostMs
    const client = openClient(url.origin, guardOf(url, plainHttp, policy, allowed), timeoutMs, {
      idleMs,
      onFoundClosed: (afterMs) => {
        if (afterMs < tellingIdleMs || afterMs / 2 >= (idleLimits.get(webhookId) ?? idleAtMostMs)) return
        idleLimits.set(webhookId, Math.floor(afterMs / 2))
        // The next call opens a pool with the new limit. This one ends with its calls in flight.
        if (clients.peek(name) === client) clients.delete(name)
      },
    })
    clients.set(name, client)
    return client
  }

  function toTarget(accountId: string, webhookId: string, row: Row): Target | Unusable {
    const common = { configVersion: row.config_version, version: row.version, retries: row.retries }
    const timeoutMs = row.timeout_seconds * 1000
    if (!URL.canParse(row.url)) return { ...common, unusable: 'url-unreadable', wait: false }
    if (!(row.format in formats)) return { ...common, unusable: 'format-unknown', wait: true }
    const url = new URL(row.url)
    try {
      return {
        ...common,
        format: formats[row.format],
        encoding: row.encoding,
        path: url.pathname + url.search,
        timeoutMs,
        success: row.success,
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
          return clientFor(webhookId, url, timeoutMs, formats[row.format].plainHttp)
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

/** What the calls of a URL may reach under the operator's policy. `allowed`: its private ranges, parsed. */
export const guardOf = (
  url: URL,
  plainHttp: boolean,
  policy: UrlPolicy,
  allowed = readRanges(policy.privateTargets),
): Guard => ({ allowed, blockedUrl: blockedPart(url, plainHttp, policy) })

type ClientOptions = { connections?: number; idleMs?: number; onFoundClosed?: (idleMs: number) => void }

/** A keep-alive pool of one webhook. A connection lives for `idleMs` idle and 5 min in all; headers may have 64 KiB. */
export function openClient(
  origin: string,
  guard: Guard,
  timeoutMs: number,
  { connections = inFlightAtMost, idleMs = idleAtMostMs, onFoundClosed }: ClientOptions = {},
): CallPool {
  return new CallPool(origin, {
    connect: guardedConnector(guard, timeoutMs),
    connections,
    onFoundClosed,
    pipelining: 1,
    maxHeaderSize: 64 * 1024,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    clientTtl: 5 * 60_000,
    // The deadline of deliver.ts is the one that counts.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
