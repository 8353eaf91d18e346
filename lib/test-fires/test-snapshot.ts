import type { Encoding, FormatKey } from '../formats/format'
import type { Authentication } from '../webhooks/webhook-schema'

/** What a test fire was made with. Header values and passwords are not kept. */
export type TestSnapshot = {
  name: string
  url: string
  format: FormatKey
  encoding: Encoding
  authentication: Authentication
  basicUser?: string
  headerNames: string[]
}
