import type { EventRecord } from '../events/event-record'
import type { EventType } from '../events/event-types'
import type { Secret } from '../secrets/secret'

// The contract of a format: the shape, headers and signature of what is sent. One module a format, all of it pure and
// free of node's own modules, because the form in the browser reads the same modules.

export const formatKeys = ['feefo', 'standard'] as const
export type FormatKey = (typeof formatKeys)[number]

export type ConditionKind = 'any' | 'service' | 'product' | 'nps'

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
  /** The account's identifier. */
  merchantIdentifier: string
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
  contentType: string
  /** The body, rendered once per event and format. Nothing that differs by webhook may enter it. */
  render: (event: EventRecord, context: RenderContext) => string
  /** The signature over the exact bytes, as its header carries it; null when the format signs nothing. */
  sign: (input: SignInput) => string | null
  /** The format's own header lines: name, value, name, value, … in lower case. */
  headers: (call: { deliveryId: string; timestamp: number; signature: string | null }) => string[]
}
