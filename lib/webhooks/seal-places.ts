import type { SealPlace } from '../secrets/seal'

// The place that each sealed value of a webhook is bound to. Sealing and opening both take it from here.

export const preSharedKeyPlace = (accountId: string, version: number): SealPlace => [
  accountId,
  'pre_shared_keys',
  version,
]

export const signingSecretPlace = (accountId: string, webhookId: string, version: number): SealPlace => [
  accountId,
  'webhook_secrets',
  webhookId,
  version,
]

export const basicPasswordPlace = (accountId: string, webhookId: string, version: number): SealPlace => [
  accountId,
  'webhook_versions',
  webhookId,
  version,
  'basic',
]

export const headerPlace = (accountId: string, webhookId: string, version: number, name: string): SealPlace => [
  accountId,
  'webhook_versions',
  webhookId,
  version,
  'header',
  name.toLowerCase(),
]
