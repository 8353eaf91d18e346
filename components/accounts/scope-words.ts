import type { ApiScope } from '@/lib/accounts/api-key-schema'

/** What each scope lets a key do. */
export const scopeWords: Record<ApiScope, { label: string; help: string }> = {
  ingest: { label: 'Ingest', help: 'Post feedback events.' },
  read: {
    label: 'Read',
    help: 'Read everything that a viewer sees, and reviews with names, e-mail addresses and orders.',
  },
  manage: { label: 'Manage', help: 'Read and change what an admin can: WebHooks, sources, keys, recovery, erasure.' },
}
