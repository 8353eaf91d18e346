import { idempotentAnswerPlace } from '../api/answer-place'
import { erasureValuePlace } from '../erasure/erasure-value'
import { basicPasswordPlace, headerPlace, preSharedKeyPlace, signingSecretPlace } from '../webhooks/seal-places'
import type { SealPlace } from './seal'

type Key = Record<string, string | number>
type KeyType = 'uuid' | 'int' | 'text'

/** A column that holds sealed values. `key`: the primary key of its table with the types of its columns. */
export type SealedColumn = {
  table: string
  column: string
  key: Record<string, KeyType>
  /** The place that the value of a row is bound to. `header`: the name, where the column is a list of sealed headers. */
  placeOf: (key: Key, header: string) => SealPlace
  headers?: true
}

const ofWebhook = { account_id: 'uuid', webhook_id: 'uuid', version: 'int' } as const
const text = (key: Key, name: string) => String(key[name])
const webhookOf = (key: Key) => [text(key, 'account_id'), text(key, 'webhook_id'), Number(key.version)] as const

/** Every column with sealed values. A test compares it with the schema. */
export const sealedColumns: SealedColumn[] = [
  {
    table: 'pre_shared_keys',
    column: 'sealed',
    key: { account_id: 'uuid', version: 'int' },
    placeOf: (key) => preSharedKeyPlace(text(key, 'account_id'), Number(key.version)),
  },
  {
    table: 'webhook_secrets',
    column: 'sealed',
    key: ofWebhook,
    placeOf: (key) => signingSecretPlace(...webhookOf(key)),
  },
  {
    table: 'webhook_versions',
    column: 'sealed_basic_password',
    key: ofWebhook,
    placeOf: (key) => basicPasswordPlace(...webhookOf(key)),
  },
  {
    table: 'webhook_versions',
    column: 'headers',
    key: ofWebhook,
    placeOf: (key, header) => headerPlace(...webhookOf(key), header),
    headers: true,
  },
  {
    table: 'erasures',
    column: 'sealed_value',
    key: { account_id: 'uuid', id: 'uuid' },
    placeOf: (key) => erasureValuePlace(text(key, 'account_id'), text(key, 'id')),
  },
  {
    table: 'idempotent_answers',
    column: 'sealed',
    key: { account_id: 'uuid', key: 'text' },
    placeOf: (key) => idempotentAnswerPlace(text(key, 'account_id'), text(key, 'key')),
  },
]
