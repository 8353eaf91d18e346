import type { Metadata } from 'next'
import { NewSourceForm } from '@/components/sources/new-source-form'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { create } from '../actions'

export const metadata: Metadata = { title: 'New source' }

export default async function NewSourcePage() {
  await authorise('admin')
  return (
    <>
      <PageHead
        title="New source"
        description="Events register their sources by themselves. Make one here to link WebHooks to it before its first event."
      />
      <NewSourceForm action={create} />
    </>
  )
}
