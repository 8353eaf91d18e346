'use client'

import { ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import { noticeWords } from '@/lib/notices/notice-words'
import type { OpenNotices as Notices, OpenNotice } from '@/lib/notices/open-notices'
import { classNames } from '../ui/class-names'
import { refusedBy } from '../ui/refused-by'
import { toastRefusal } from '../ui/toast-refusal'
import { NoticeCallout } from './notice-callout'
import { noticeLooks } from './notice-looks'
import { useOpenNotices } from './use-open-notices'

type Props = {
  first: Notices
  address: string
  /** Closes one notice and returns those that are still open. */
  dismiss: (noticeId: string) => Promise<FormResult<Notices>>
}

/** The notices about WebHooks as one line above every settings page, for owners and admins: their number and the gravest. */
export function OpenNotices({ first, address, dismiss }: Props) {
  const { notices, setNotices } = useOpenNotices(first, address)
  const [unfolded, setUnfolded] = useState(false)
  const listId = useId()
  const { listed, count } = notices
  const [gravest] = listed
  const onDismiss = async (id: string) => {
    const result = await dismiss(id).catch(refusedBy)
    if (!result.ok) return toastRefusal(result, { title: 'The notice could not be dismissed.' })
    setNotices(result.value)
    // The pressed button no longer exists, so the focus moves to the top of the page.
    document.getElementById('content')?.focus({ preventScroll: true })
  }
  return (
    <section aria-label="Notices about your WebHooks" aria-live="polite" className="flex flex-col gap-2 empty:hidden">
      {gravest && (
        <Line notice={gravest} count={count} open={unfolded} controls={listId} onPress={() => setUnfolded(!unfolded)} />
      )}
      {gravest && unfolded && (
        <div id={listId} className="flex flex-col gap-2">
          {listed.map((notice) => (
            <NoticeCallout key={notice.id} notice={notice} onDismiss={onDismiss} />
          ))}
          {count > listed.length && (
            <p className="text-muted text-sm">
              And {(count - listed.length).toLocaleString('en')} more, each on its WebHook’s page.
            </p>
          )}
        </div>
      )}
    </section>
  )
}

type LineProps = { notice: OpenNotice; count: number; open: boolean; controls: string; onPress: () => void }

function Line({ notice, count, open, controls, onPress }: LineProps) {
  const { icon: Icon, line, text } = noticeLooks[notice.kind]
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={onPress}
      className={classNames(
        'flex min-h-10 w-full min-w-0 items-center gap-2 rounded-card border px-3 text-left max-md:min-h-11',
        line,
      )}
    >
      <Icon aria-hidden className={classNames('size-4 shrink-0', text)} />
      {count > 1 && <span className="shrink-0 text-muted tabular-nums">{count.toLocaleString('en')} notices</span>}
      <span className={classNames('min-w-0 flex-1 truncate font-medium', text)}>{noticeWords(notice).title}</span>
      <ChevronDown aria-hidden className={classNames('size-4 shrink-0 text-muted', open && 'rotate-180')} />
    </button>
  )
}
