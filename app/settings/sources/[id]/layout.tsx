import { notFound } from 'next/navigation'
import { ArchiveSource } from '@/components/sources/archive-source'
import { KindIcon } from '@/components/sources/kind-icon'
import { Badge } from '@/components/ui/badge'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { LinkTabs } from '@/components/ui/tabs'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { readSource } from '@/lib/sources/source-queries'
import { readId } from '@/lib/type-id'
import { archive, listeners } from '../actions'

export default async function SourceLayout({ params, children }: LayoutProps<'/settings/sources/[id]'>) {
  const { account, role } = await authorise('viewer')
  const { id: shownId } = await params
  const id = readId('source', shownId)
  const source = id && (await readSource(db(), account.id, id))
  if (!source) notFound()
  const address = `/settings/sources/${shownId}`
  return (
    <div className="flex max-w-[48rem] flex-col gap-6">
      <PageHead
        back={
          <Link href="/settings/sources" className="text-accent-text underline">
            Sources
          </Link>
        }
        title={
          <span className="inline-flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <KindIcon kind={source.kind} />
            {source.name}
            {source.archived && <Badge>Archived</Badge>}
          </span>
        }
        description={source.archived ? 'It comes back when an event names it, or when you bring it back.' : undefined}
        action={mayAct(role, 'admin') && <ArchiveSource source={source} actions={{ archive, listeners }} />}
      />
      <LinkTabs
        label="The source"
        items={[
          { href: address, label: 'Details' },
          { href: `${address}/settings`, label: 'Settings' },
        ]}
      />
      {children}
    </div>
  )
}
