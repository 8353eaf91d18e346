'use server'

import { answered, authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { type Confirmation, confirmationSchema, type ErasureInput, erasureSchema } from '@/lib/erasure/erasure-schema'
import { confirmErasure, startErasure, withdrawErasure } from '@/lib/erasure/erasures'
import { done, type FormResult, invalid, missing } from '@/lib/form-result'
import * as z from '@/lib/zod'

/** Counts what there is of a customer. Nothing is erased before somebody confirms it. */
export async function countCustomer(input: ErasureInput): Promise<FormResult<{ id: string }>> {
  const { account, user } = await authorise('admin')
  const parsed = erasureSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return done({ id: await startErasure(db(), account.id, user.id, parsed.data, { confirmed: false }) })
}

export async function confirmCounted(id: string, input: Confirmation): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = confirmationSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return answered(await confirmErasure(db(), account.id, user.id, z.uuid().parse(id), parsed.data.typed))
}

export async function withdrawCounted(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const withdrawn = await withdrawErasure(db(), account.id, user.id, z.uuid().parse(id))
  return withdrawn ? done(undefined) : answered(missing('It has begun to erase, or has ended.'))
}
