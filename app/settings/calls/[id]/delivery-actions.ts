'use server'

import { refresh } from 'next/cache'
import { answered, authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { cancelDelivery } from '@/lib/deliveries/cancel-delivery'
import { sendAgain } from '@/lib/deliveries/send-again'
import { tryDeliveryNow } from '@/lib/deliveries/try-now'
import { cancelledResult, sentAgainResult, triedNowResult } from '@/lib/deliveries/words'
import type { FormResult } from '@/lib/form-result'
import * as z from '@/lib/zod'

const deliveryId = z.uuid()

export async function tryNowHere(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const result = triedNowResult(await tryDeliveryNow(db(), account.id, user.id, deliveryId.parse(id)))
  refresh()
  return answered(result)
}

export async function sendAgainHere(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const result = sentAgainResult(await sendAgain(db(), account.id, user.id, deliveryId.parse(id)))
  refresh()
  return answered(result)
}

export async function cancelHere(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const result = cancelledResult(await cancelDelivery(db(), account.id, user.id, deliveryId.parse(id)))
  refresh()
  return answered(result)
}
