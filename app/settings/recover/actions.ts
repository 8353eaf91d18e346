'use server'

import { answered, authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, missing, refused } from '@/lib/form-result'
import { changeJob, listJobs, type ShownJob, startRecovery } from '@/lib/recovery/recovery-jobs'
import { type RecoveryInput, recoverySchema } from '@/lib/recovery/recovery-schema'
import { gone } from '@/lib/webhooks/update-webhook'
import * as z from '@/lib/zod'

export async function start(input: RecoveryInput): Promise<FormResult<ShownJob[]>> {
  const { account, user } = await authorise('admin')
  const parsed = recoverySchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const started = await startRecovery(db(), account.id, user.id, parsed.data)
  if (started === 'gone') return answered(gone)
  if (started === 'off') return refused('The WebHook is off. Turn it on, then recover.')
  return done(await listJobs(db(), account.id, parsed.data.webhookId))
}

const newState = z.enum(['running', 'paused', 'cancelled'])

export async function change(jobId: string, state: z.infer<typeof newState>): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const changed = await changeJob(db(), account.id, user.id, z.uuid().parse(jobId), newState.parse(state))
  return changed ? done(undefined) : answered(missing('It has ended in the meantime.'))
}
