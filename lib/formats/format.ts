import type { DecisionCode, EventRecord } from '../events/event-record'
import type { EventType } from '../events/event-types'
import type { Secret } from '../secrets/secret'

// The contract of a format: the shape, headers and signature of what is sent. Each format is one pure module. It imports
// none of node's modules, because the form in the browser loads it too.

export const formatKeys = ['feefo', 'customer-thermometer', 'wootric', 'reviews', 'rateup', 'standard'] as const
export type FormatKey = (typeof formatKeys)[number]

export const encodings = ['json', 'form'] as const
/** How a body is written: as JSON, or URL-encoded like a browser's form. */
export type Encoding = (typeof encodings)[number]

/** The content-type of each encoding. */
export const contentTypes: Record<Encoding, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
}

export type ConditionKind = 'any' | 'service' | 'product' | 'nps' | 'thermometer'

/** A format's signing secret: how it looks, and how it is generated and checked. */
export type SecretForm = {
  /** Shown beside the field. */
  hint: string
  /** Makes the secret's text from 32 random bytes. */
  generate: (random: Uint8Array) => string
  /** Says why an entered secret can't be used; undefined when it can. */
  refuse: (text: string) => string | undefined
}

export type RenderContext = {
  /** The hub's public address, without a slash at the end. */
  hubUrl: string
  encoding: Encoding
  /** The account's id (UUID) and identifier. */
  accountId: string
  merchantIdentifier: string
  /** The account's own ids at its vendors; null: the hub's ids are used. */
  wootricToken: string | null
  teamId: string | null
}

export type SignInput = {
  /** The delivery's id, sent as `webhook-id`: the same on every retry. */
  deliveryId: string
  /** Unix seconds of this call. */
  timestamp: number
  body: string
  /** The secret in force first, then older ones that still sign during a rotation. */
  secrets: Secret[]
}

export type FormatHeaders = {
  deliveryId: string
  /** Unix seconds of this call. */
  timestamp: number
  /** When the event was accepted, in Unix milliseconds. */
  triggeredAtMs: number
  signature: string | null
}

export type Format = {
  key: FormatKey
  /** Its name in the form. */
  label: string
  /** One sentence on what it is for. */
  purpose: string
  /** One sentence on what is sent. */
  summary: string
  /** `name`: what the format itself calls the event, where bodies carry that. */
  offers: readonly { type: EventType; ticked: boolean; name?: string }[]
  conditions: readonly ConditionKind[]
  /** Whether its vendor accepts plain http. */
  plainHttp: boolean
  retries: number
  secret: SecretForm | null
  /** During a rotation: a call has several signatures, or one by the old secret until the switch time. */
  signatures: 'several' | 'one'
  /** The encodings to choose from; the first is the default. */
  encodings: readonly Encoding[]
  /** Whether the events can't be chosen: all offered ones are sent if they match the condition. */
  eventsFixed: boolean
  /** Why an offered event can't be sent in this format; undefined when it can. */
  lacks: (event: EventRecord) => DecisionCode | undefined
  /** The body, rendered once per event, format and encoding. It must not depend on the webhook. */
  render: (event: EventRecord, context: RenderContext) => string
  /** The signature over the exact bytes, as its header carries it; null when the format signs nothing. */
  sign: (input: SignInput) => string | null
  /** The format's own header lines: name, value, name, value, … in lower case. */
  headers: (call: FormatHeaders) => string[]
}
