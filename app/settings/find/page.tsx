import { SearchX } from 'lucide-react'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { FindBox } from '@/components/find/find-box'
import { foundAddress, foundWords } from '@/components/find/found-address'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { findId } from '@/lib/find/find-id'

export const metadata: Metadata = { title: 'Find' }

export default async function FindPage({ searchParams }: PageProps<'/settings/find'>) {
  const { account } = await authorise('viewer')
  const { id } = await searchParams
  const sought = typeof id === 'string' ? id.trim().slice(0, 500) : ''
  const found = await findId(db(), account.id, sought)
  const [only] = found
  if (only && found.length === 1) redirect(foundAddress(only))
  return (
    <>
      <PageHead title="Find" description="Paste an id as your platform, your receiver or this hub writes it." />
      <FindBox sought={sought} />
      {found.length > 0 && (
        <Card title="This id names several things" flush>
          <ul className="divide-y divide-border">
            {found.map((one) => (
              <li key={one.kind} className="px-4 py-3">
                <Link href={foundAddress(one)} className="font-medium text-accent-text underline">
                  {foundWords[one.kind]}
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {found.length === 0 && sought !== '' && (
        <Card>
          <EmptyState icon={<SearchX />} title="Nothing here has this id">
            We looked among all feedback, sources and WebHooks of this account, and among the events, deliveries and
            calls of the last {env().HEARBACK_RETENTION_DAYS} days. Ids are compared letter by letter.
          </EmptyState>
        </Card>
      )}
    </>
  )
}
