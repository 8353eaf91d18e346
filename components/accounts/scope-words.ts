import type { ApiScope } from '@/lib/accounts/api-key-schema'

/** What each scope lets a key do. */
export const scopeWords: Record<ApiScope, { label: string; help: string }> = {
  ingest: { label: 'Ingest', help: 'Post feedback events.' },
  read: { label: 'Read', help: 'List reviews with names, e-mail addresses and orders.' },
  manage: { label: 'Manage', help: 'Change WebHooks and sources.' },
}
