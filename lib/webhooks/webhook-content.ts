import type { webhookVersions } from '../db/schema'
import { eventTypes } from '../events/event-types'
import { done, type FormError, type FormResult } from '../form-result'
import { seal, unseal } from '../secrets/seal'
import { Secret } from '../secrets/secret'

import { isAuthorization } from './header-schema'
import type { OnlyIf } from './only-if-schema'

import { basicPasswordPlace, headerPlace } from './seal-places'
import type { Authentication, Rule, Success, WebhookForm } from './webhook-schema'

/** The content of one version of a webhook, its secrets opened. */
export type WebhookContent = {
  name: string
  url: string
  rule: Rule
  /** Further conditions, all of which must hold. */
  onlyIf: OnlyIf[]
  authentication: Authentication
  basicUser: string | null
  basicPassword: Secret | null
  /** With the value of an own header as Authorization. */
  headers: { name: string; value: Secret }[]
  retries: number
  /** Calls a minute at most; null: no limit. */
  ratePerMinute: number | null
  timeoutSeconds: number
  success: Success
}

type VersionRow = Omit<typeof webhookVersions.$inferSelect, 'createdAt' | 'createdBy'>

/** Opens a stored version. Throws UnknownSealKeyError when the operator's key ring lacks a key. */
export function openContent(row: VersionRow): WebhookContent {
  const { accountId, webhookId, version, sealedBasicPassword, headers, ...plain } = row
  return {
    ...plain,
    basicPassword:
      sealedBasicPassword === null
        ? null
        : unseal(sealedBasicPassword, basicPasswordPlace(accountId, webhookId, version)),
    headers: headers.map(({ name, sealed }) => ({
      name,
      value: unseal(sealed, headerPlace(accountId, webhookId, version, name)),
    })),
  }
}

/** The row of one version, each secret sealed for its place. */
export function sealContent(
  content: WebhookContent,
  place: { accountId: string; webhookId: string; version: number },
): VersionRow {
  const { accountId, webhookId, version } = place
  const { basicPassword, headers, ...plain } = content
  return {
    ...plain,
    ...place,
    sealedBasicPassword:
      basicPassword && seal(basicPassword.reveal(), basicPasswordPlace(accountId, webhookId, version)),
    headers: headers.map(({ name, value }) => ({
      name,
      sealed: seal(value.reveal(), headerPlace(accountId, webhookId, version, name)),
    })),
  }
}

/**
 * The content that a parsed form describes. Secrets that it leaves empty are taken from `stored`, the version in force; a
 * secret that is not stored either is an error at its field.
 */
export function contentOfForm(form: WebhookForm, stored?: WebhookContent): FormResult<WebhookContent> {
  const errors: FormError[] = []
  const basic = form.authentication === 'basic'
  const basicPassword = basic
    ? form.basicPassword === ''
      ? (stored?.basicPassword ?? null)
      : new Secret(form.basicPassword)
    : null
  if (basic && !basicPassword)
    errors.push({ field: 'basicPassword', message: 'Enter the password that your endpoint expects.' })
  const custom = form.headers.flatMap(({ name, value }, index) => {
    if (value !== '') return { name, value: new Secret(value) }
    const kept = stored?.headers.find((header) => header.name.toLowerCase() === name.toLowerCase())
    if (kept) return { name, value: kept.value }
    errors.push({ field: `headers.${index}.value`, message: 'Enter the value of this header.' })
    return []
  })
  const own = form.authentication === 'own-header' ? ownHeader(form, stored) : []
  if (own === undefined) errors.push({ field: 'ownHeader', message: 'Enter the value that your endpoint expects.' })
  if (errors.length > 0) return { ok: false, errors }
  return done({
    name: form.name,
    url: form.url,
    rule: { events: eventTypes.filter((type) => form.events.includes(type)), condition: form.condition },
    onlyIf: form.onlyIf,
    authentication: form.authentication,
    basicUser: basic ? form.basicUser : null,
    basicPassword,
    headers: [...(own ?? []), ...custom],
    retries: form.retries,
    ratePerMinute: form.ratePerMinute,
    timeoutSeconds: form.timeoutSeconds,
    success: form.success,
  })
}

/** The own header that a form describes; undefined: it enters none, and none is stored. */
function ownHeader(form: WebhookForm, stored?: WebhookContent): WebhookContent['headers'] | undefined {
  if (form.ownHeader !== '') return [{ name: 'Authorization', value: new Secret(form.ownHeader) }]
  const kept = stored?.headers.filter(({ name }) => isAuthorization(name))
  return kept?.length ? kept : undefined
}
