'use server'

import { authorise, refuseMissing } from '@/lib/accounts/authorise'
import { revealCallHeaders } from '@/lib/calls/call-secrets'
import type { ShownHeader } from '@/lib/calls/shown-request'
import { db } from '@/lib/db/client'
import * as z from '@/lib/zod'

export async function revealHeaders(callId: string): Promise<{ headers: ShownHeader[] }> {
  const { account, user } = await authorise('admin')
  const headers = await revealCallHeaders(db(), account.id, user.id, z.uuid().parse(callId))
  return headers ? { headers } : refuseMissing()
}
