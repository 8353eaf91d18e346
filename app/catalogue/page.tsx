import type { Metadata } from 'next'
import { CatalogueEntry } from '@/components/catalogue/catalogue-entry'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { firesWhen } from '@/lib/catalogue/catalogue-words'
import { catalogue } from '@/lib/catalogue/sample-calls'
import { env } from '@/lib/env'
import { eventTypes } from '@/lib/events/event-types'
import { eventTypeWords } from '@/lib/events/event-words'

export const metadata: Metadata = { title: 'Event catalogue' }
export const dynamic = 'force-dynamic'

/** Open to anyone if the operator says so (HEARBACK_PUBLIC_REFERENCE). It holds nothing of any account. */
export default async function CataloguePage() {
  if (env().HEARBACK_PUBLIC_REFERENCE !== 'true') await authorise('viewer')
  return (
    <main className="mx-auto flex max-w-4xl flex-col gap-8 px-4 py-8">
      <PageHead
        title="Event catalogue"
        description="Every event in every format: when it fires and when it does not, a sample body and its JSON Schema."
      />
      {eventTypes.map((type) => (
        <section key={type} aria-labelledby={type} className="flex flex-col gap-3">
          <h2 id={type} className="font-medium text-lg">
            {eventTypeWords[type]} <code className="text-muted text-sm">{type}</code>
          </h2>
          <p className="max-w-prose text-muted">{firesWhen(type)}</p>
          {catalogue
            .filter((entry) => entry.type === type)
            .map((entry) => (
              <CatalogueEntry key={entry.format} entry={entry} />
            ))}
        </section>
      ))}
    </main>
  )
}
