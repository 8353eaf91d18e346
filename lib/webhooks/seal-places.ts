import type { SealPlace } from '../secrets/seal'

// Where each sealed value of a webhook stands. Whoever seals and whoever opens asks here, so that both name one place.

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
