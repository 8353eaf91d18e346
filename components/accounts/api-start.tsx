'use client'

import { type ComponentProps, type ReactNode, useState } from 'react'
import { IngestQuickStart } from './ingest-quick-start'
import { type MadeKey, NewApiKey } from './new-api-key'

type Props = {
  hubUrl: string
  /** Undefined for a viewer, who makes no keys. */
  makeKey: ComponentProps<typeof NewApiKey>['action'] | undefined
  /** The table of keys, between the form and the examples. */
  children: ReactNode
}

/** A new key and the examples, which have it filled in while it is shown. */
export function ApiStart({ hubUrl, makeKey, children }: Props) {
  const [made, setMade] = useState<MadeKey>()
  return (
    <>
      {makeKey && <NewApiKey action={makeKey} made={made} onMade={setMade} />}
      {children}
      <IngestQuickStart hubUrl={hubUrl} apiKey={made?.ingests ? made.key : undefined} />
    </>
  )
}
