'use client'

import type { FormResult } from '@/lib/form-result'
import type { OpenNotice } from '@/lib/notices/open-notices'
import { refusedBy } from '../ui/refused-by'
import { toastRefusal } from '../ui/toast-refusal'
import { NoticeCallout } from './notice-callout'

type Props = { notices: OpenNotice[]; dismiss: (noticeId: string) => Promise<FormResult<unknown>> }

/** The notices about one WebHook in full, on its page. */
export function WebhookNotices({ notices, dismiss }: Props) {
  const onDismiss = async (id: string) => {
    const result = await dismiss(id).catch(refusedBy)
    if (!result.ok) return toastRefusal(result, { title: 'The notice could not be dismissed.' })
    document.getElementById('content')?.focus({ preventScroll: true })
  }
  return (
    <section aria-label="Notices about this WebHook" className="flex flex-col gap-2 empty:hidden">
      {notices.map((notice) => (
        <NoticeCallout key={notice.id} notice={notice} onDismiss={onDismiss} linked={false} />
      ))}
    </section>
  )
}
