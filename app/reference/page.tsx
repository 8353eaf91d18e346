import type { Metadata } from 'next'
import { ApiReference } from '@/components/reference/api-reference'
import { OperationList } from '@/components/reference/operation-list'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { operationIndex } from '@/lib/api/operation-index'
import { env } from '@/lib/env'

export const metadata: Metadata = { title: 'API reference' }
export const dynamic = 'force-dynamic'

/** Open to anyone if the operator says so (HEARBACK_PUBLIC_REFERENCE). It holds nothing of any account. */
export default async function ReferencePage() {
  if (env().HEARBACK_PUBLIC_REFERENCE !== 'true') await authorise('viewer')
  return <ApiReference index={<Index address={`${env().HEARBACK_URL}/api/v1`} />} />
}

function Index({ address }: { address: string }) {
  return (
    <main className="mx-auto flex max-w-4xl flex-col gap-6 px-4 py-8">
      <PageHead
        title="API reference"
        description="Everything the screens do. Each operation opens with its fields and its answers."
      />
      <p className="max-w-prose text-muted">
        Addresses begin with <code className="text-text [overflow-wrap:anywhere]">{address}</code>. Send an API key of
        Settings › API as <code className="text-text">Authorization: Bearer …</code>; beside each operation stands what
        the key must be allowed. For your tools:{' '}
        <a href="/api/openapi.json" className="text-accent-text underline underline-offset-2">
          the OpenAPI document
        </a>
        .
      </p>
      {operationIndex.map((group) => (
        <OperationList key={group.tag} {...group} />
      ))}
    </main>
  )
}
