import type { DecisionCode, EventRecord } from '../events/event-record'
import type { EventType } from '../events/event-types'
import type { Secret } from '../secrets/secret'

// The contract of a format: the shape, headers and signature of what is sent. One module a format, all of it pure and
// free of node's own modules, because the form in the browser reads the same modules.

export const formatKeys = ['feefo', 'customer-thermometer', 'wootric', 'reviews', 'rateup', 'standard'] as const
export type FormatKey = (typeof formatKeys)[number]

export const encodings = ['json', 'form'] as const
/** How a body is written: JSON, or URL-encoded as a browser's form is. */
export type Encoding = (typeof encodings)[number]

/** The content-type of each encoding. */
export const contentTypes: Record<Encoding, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
}

export type ConditionKind = 'any' | 'service' | 'product' | 'nps' | 'thermometer'

/** How a format shows and makes its signing secret; null: the format signs nothing. */
export type SecretForm = {
  /** What a receiver developer reads beside the field. */
  hint: string
  /** The secret's text, made of 32 random bytes. */
  generate: (random: Uint8Array) => string
  /** Why an entered secret can't be used, in words, or undefined. */
  refuse: (text: string) => string | undefined
}

export type RenderContext = {
  /** Where this hub is reached, without a slash at the end. */
  hubUrl: string
  encoding: Encoding
  /** The account's id (UUID) and identifier. */
  accountId: string
  merchantIdentifier: string
  /** What the account has at its vendors, entered once; null: ours is used. */
  wootricToken: string | null
  teamId: string | null
}

export type SignInput = {
  /** The webhook-id: the delivery's, the same on every retry. */
  deliveryId: string
  /** Unix seconds of this call. */
  timestamp: number
  body: string
  /** The secret in force first, then those a rotation still lets sign. */
  secrets: Secret[]
}

export type FormatHeaders = {
  deliveryId: string
  /** Unix seconds of this call. */
  timestamp: number
  /** When the event was accepted, in milliseconds. */
  triggeredAtMs: number
  signature: string | null
}

export type Format = {
  key: FormatKey
  /** What the form calls it. */
  label: string
  /** One sentence on what is sent. */
  summary: string
  offers: readonly { type: EventType; ticked: boolean }[]
  conditions: readonly ConditionKind[]
  /** Its vendor accepts plain http. */
  plainHttp: boolean
  retries: number
  secret: SecretForm | null
  /** During a rotation: several signatures in one call, or one secret until the switch time and then the other. */
  signatures: 'several' | 'one'
  /** The encodings to choose from; the first is the default. */
  encodings: readonly Encoding[]
  /** The events are no choice: the condition stands for them, and all that is offered is sent. */
  eventsFixed: boolean
  /** Why nothing can be sent of an event that is offered; undefined: it can. */
  lacks: (event: EventRecord) => DecisionCode | undefined
  /** The body, rendered once per event and format. Nothing that differs by webhook may enter it. */
  render: (event: EventRecord, context: RenderContext) => string
  /** The signature over the exact bytes, as its header carries it; null when the format signs nothing. */
  sign: (input: SignInput) => string | null
  /** The format's own header lines: name, value, name, value, … in lower case. */
  headers: (call: FormatHeaders) => string[]
}
