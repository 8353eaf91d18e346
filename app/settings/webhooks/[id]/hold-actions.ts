'use server'

import { refresh } from 'next/cache'
import { answered, authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { hubTime } from '@/lib/db/ids'
import { tryNow } from '@/lib/deliveries/try-now'
import { triedNowResult } from '@/lib/deliveries/words'
import { done, type FormResult, invalid } from '@/lib/form-result'
import { holdSchema } from '@/lib/webhooks/hold-schema'
import { holdWebhook, releaseWebhook } from '@/lib/webhooks/switch-webhook'
import { gone } from '@/lib/webhooks/update-webhook'
import * as z from '@/lib/zod'

const webhookId = z.uuid()

/** Holds the WebHook, until `until` (ISO) or, where that is empty, until somebody releases it. */
export async function holdHere(id: string, input: { until: string }): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = holdSchema(hubTime()).safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { outcome } = await holdWebhook(db(), account.id, user.id, webhookId.parse(id), parsed.data.until)
  refresh()
  return outcome === 'gone' ? answered(gone) : done(undefined)
}

export async function releaseHere(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const { outcome } = await releaseWebhook(db(), account.id, user.id, webhookId.parse(id))
  refresh()
  return outcome === 'gone' ? answered(gone) : done(undefined)
}

/** Sends the oldest waiting delivery now. */
export async function tryNowHere(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const result = triedNowResult(await tryNow(db(), account.id, user.id, webhookId.parse(id)))
  refresh()
  return answered(result)
}
