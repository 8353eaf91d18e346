'use client'

import type { FormResult } from '@/lib/form-result'
import type { OpenNotices as Notices } from '@/lib/notices/open-notices'
import { refusedBy } from '../ui/refused-by'
import { toastRefusal } from '../ui/toast-refusal'
import { NoticeCallout } from './notice-callout'
import { useOpenNotices } from './use-open-notices'

type Props = {
  first: Notices
  address: string
  /** Closes one notice and returns those that are still open. */
  dismiss: (noticeId: string) => Promise<FormResult<Notices>>
}

/** The newest three notices about the health of WebHooks, above every settings page, for owners and admins. */
export function OpenNotices({ first, address, dismiss }: Props) {
  const { notices, setNotices } = useOpenNotices(first, address)
  const { shown, more } = notices
  const onDismiss = async (id: string) => {
    const result = await dismiss(id).catch(refusedBy)
    if (!result.ok) return toastRefusal(result, { title: 'The notice could not be dismissed.' })
    setNotices(result.value)
    // The pressed button no longer exists, so the focus moves to the top of the page.
    document.getElementById('content')?.focus({ preventScroll: true })
  }
  return (
    <section aria-label="Notices about your WebHooks" aria-live="polite" className="flex flex-col gap-2 empty:hidden">
      {shown.map((notice) => (
        <NoticeCallout key={notice.id} notice={notice} onDismiss={onDismiss} />
      ))}
      {more > 0 && (
        <p className="text-muted text-sm">And {more.toLocaleString('en')} more; dismiss one to see the next.</p>
      )}
    </section>
  )
}
