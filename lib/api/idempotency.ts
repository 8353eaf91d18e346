import { createHash } from 'node:crypto'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../db/client'
import { idempotentAnswers } from '../db/schema'
import { problem } from '../http/problem'
import { showsSomething } from '../plain-text'
import { type SealPlace, seal, unseal } from '../secrets/seal'
import { idempotentAnswerPlace } from './answer-place'

// Idempotency-Key on creates: the first request with a key is carried out, and its answer is given again for 24 hours to
// every request with the same key and content. A request whose answer was never stored, because the hub stopped in the
// middle of it, is not carried out a second time: nobody knows what became of it.

const keptFor = sql`interval '24 hours'`

/** How long a request may be under way. */
const answeredWithinMs = 60_000

export type Request = {
  accountId: string
  key: string
  /** Everything that must be the same for the answer to be given again: sender, method, address and body. */
  content: unknown
}

/** Why a key can't be one, or undefined. */
export const refuseKey = (key: string): string | undefined =>
  key.length <= 255 && showsSomething(key)
    ? undefined
    : 'Idempotency-Key has 1 to 255 characters, one of which can be seen.'

/**
 * Answers a request once. `answer` carries it out; what it refuses (4xx) is not kept, so that a request that was corrected
 * can have the same key.
 */
export async function answerOnce(db: Database, request: Request, answer: () => Promise<Response>): Promise<Response> {
  const { accountId, key } = request
  const hash = createHash('sha256').update(JSON.stringify(request.content)).digest()
  const own = and(eq(idempotentAnswers.accountId, accountId), eq(idempotentAnswers.key, key))
  const [begun] = await db
    .insert(idempotentAnswers)
    .values({ accountId, key, hash })
    .onConflictDoUpdate({
      target: [idempotentAnswers.accountId, idempotentAnswers.key],
      set: { hash, status: null, sealed: null, createdAt: sql`hub_now()` },
      setWhere: sql`${idempotentAnswers.createdAt} < hub_now() - ${keptFor}`,
    })
    .returning({ key: idempotentAnswers.key })
  if (!begun) return answerAgain(db, request, hash)
  const response = await answer()
  if (response.ok) {
    const sealed = seal(await response.clone().text(), placeOf(request))
    await db.update(idempotentAnswers).set({ status: response.status, sealed }).where(own)
  } else if (response.status < 500) await db.delete(idempotentAnswers).where(and(own, isNull(idempotentAnswers.status)))
  return response
}

async function answerAgain(db: Database, request: Request, hash: Buffer): Promise<Response> {
  const { accountId, key } = request
  const [kept] = await db
    .select({
      hash: idempotentAnswers.hash,
      status: idempotentAnswers.status,
      sealed: idempotentAnswers.sealed,
      ageMs: sql<number>`(extract(epoch from hub_now() - ${idempotentAnswers.createdAt}) * 1000)::float8`,
    })
    .from(idempotentAnswers)
    .where(and(eq(idempotentAnswers.accountId, accountId), eq(idempotentAnswers.key, key)))
  if (kept && !kept.hash.equals(hash))
    return problem(409, 'Conflict', 'Another request has this Idempotency-Key. Use a new one for each request.')
  if (kept && kept.status !== null && kept.sealed !== null) {
    const text = unseal(kept.sealed, placeOf(request)).reveal()
    const headers = { 'cache-control': 'no-store', 'idempotent-replayed': 'true', 'content-type': 'application/json' }
    return new Response(text, { status: kept.status, headers })
  }
  if (kept && kept.ageMs > answeredWithinMs)
    return problem(
      409,
      'Conflict',
      'It is not certain what became of the first request with this Idempotency-Key. Look whether it was carried out.',
    )
  return problem(409, 'Conflict', 'The first request with this Idempotency-Key is still being answered.', {
    headers: { 'retry-after': '1' },
  })
}

const placeOf = ({ accountId, key }: Request): SealPlace => idempotentAnswerPlace(accountId, key)
