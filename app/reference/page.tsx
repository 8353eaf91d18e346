import type { Metadata } from 'next'
import { ApiReference } from '@/components/reference/api-reference'
import { authorise } from '@/lib/accounts/authorise'
import { env } from '@/lib/env'

export const metadata: Metadata = { title: 'API reference' }
export const dynamic = 'force-dynamic'

/** Open to anyone if the operator says so (HEARBACK_PUBLIC_REFERENCE). It holds nothing of any account. */
export default async function ReferencePage() {
  if (env().HEARBACK_PUBLIC_REFERENCE !== 'true') await authorise('viewer')
  return <ApiReference />
}
