'use client'

import { useTransition } from 'react'
import { noticeWords, type Sentence } from '@/lib/notices/notice-words'
import type { OpenNotice } from '@/lib/notices/open-notices'
import { showId } from '@/lib/type-id'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { LinkButton } from '../ui/link-button'
import { LocalTime } from '../ui/local-time'
import { noticeLooks } from './notice-looks'

type Props = {
  notice: OpenNotice
  onDismiss: (id: string) => Promise<void>
  /** Whether it has a link to its WebHook. */
  linked?: boolean
}

/** One notice: what happened, what to do and a link to the WebHook. */
export function NoticeCallout({ notice, onDismiss, linked = true }: Props) {
  const [pending, startTransition] = useTransition()
  const { id, kind, name, webhookId } = notice
  const { title, what, cure } = noticeWords(notice)
  return (
    <Callout tone={noticeLooks[kind].tone} title={title}>
      <div className="flex flex-col gap-2 md:flex-row md:items-end md:justify-between md:gap-6">
        <p className="min-w-0">
          <InLocalTime sentence={what} /> {cure}
        </p>
        <div className="flex shrink-0 gap-1">
          {linked && (
            <LinkButton size="sm" href={`/settings/webhooks/${showId('webhook', webhookId)}`}>
              Open the WebHook<span className="sr-only"> {name}</span>
            </LinkButton>
          )}
          <Button size="sm" variant="ghost" pending={pending} onClick={() => startTransition(() => onDismiss(id))}>
            Dismiss<span className="sr-only"> {title}</span>
          </Button>
        </div>
      </div>
    </Callout>
  )
}

const InLocalTime = ({ sentence }: { sentence: Sentence }) =>
  sentence.map((part) => (typeof part === 'string' ? part : <LocalTime key={part.at} at={part.at} show="exact" />))
