import type { Found } from '@/lib/find/find-id'
import { showId } from '@/lib/type-id'

/** Where the thing that an id names is shown. A delivery is the list of its calls. */
export function foundAddress(found: Found): string {
  if (found.kind === 'subject') return `/settings/events?${new URLSearchParams({ subject: found.subject })}`
  const id = showId(found.kind, found.id)
  return {
    event: `/settings/events/${id}`,
    delivery: `/settings/calls?delivery=${id}`,
    call: `/settings/calls/${id}`,
    webhook: `/settings/webhooks/${id}`,
    feedback: `/settings/feedback/${id}`,
    source: `/settings/sources/${id}`,
  }[found.kind]
}

export const foundWords: Record<Found['kind'], string> = {
  event: 'Event',
  delivery: 'Calls of one delivery',
  call: 'WebHook call',
  webhook: 'WebHook',
  feedback: 'Feedback',
  source: 'Source',
  subject: 'Declined survey or message',
}
