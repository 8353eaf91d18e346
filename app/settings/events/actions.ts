'use server'

import { refresh } from 'next/cache'
import { answered, authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, missing, refused } from '@/lib/form-result'
import { startReplay } from '@/lib/recovery/recovery-jobs'
import { type EventReplay, eventReplaySchema, type ListReplay, listReplaySchema } from '@/lib/recovery/recovery-schema'
import { replayEvent } from '@/lib/recovery/replay-event'

const deleted = missing('A WebHook was deleted in the meantime. Choose again.')

export async function replayOne(input: EventReplay): Promise<FormResult<{ made: number; unsent: string[] }>> {
  const { account, user } = await authorise('admin')
  const parsed = eventReplaySchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { eventId, webhookIds } = parsed.data
  const replayed = await replayEvent(db(), account.id, user.id, eventId, webhookIds)
  if (replayed.outcome === 'gone') return answered(missing('The event or a WebHook is gone. Reload the page.'))
  if (replayed.outcome === 'off') return refused(`“${replayed.names[0]}” is off. Turn it on, or leave it out.`)
  refresh()
  return done({ made: replayed.made, unsent: replayed.unsent })
}

export async function replayList(input: ListReplay): Promise<FormResult<{ jobs: number }>> {
  const { account, user } = await authorise('admin')
  const parsed = listReplaySchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const started = await startReplay(db(), account.id, user.id, parsed.data)
  if (started === 'gone') return answered(deleted)
  if (started === 'off') return refused('A chosen WebHook is off. Turn it on, or leave it out.')
  return done({ jobs: started.length })
}
