import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../db/client'
import { signInFailures } from '../db/people-schema'
import { type FormResult, refused } from '../form-result'
import { addressNetwork } from '../http/address-network'

// Password guessing is limited per e-mail, per address and per pair of both, in the database, so that the limits hold
// across processes and restarts. An attempt is counted before its password is checked, and attempts on the same e-mail or
// from the same address are counted one after the other, so a parallel burst gets no more tries than the limit. A refused
// attempt is never counted. As a pair has fewer tries than an e-mail, one address alone cannot use up those of an e-mail.

export type Attempt = { email: string; address: string }

const windowSeconds = 15 * 60
const limits = { pair: 5, address: 20, email: 20 }
/** Once an e-mail's limit is reached, one attempt in this time is allowed from an address that has no failures. */
const spareEverySeconds = 60

function subjectsOf({ email, address: full }: Attempt) {
  const address = addressNetwork(full)
  return {
    pair: `pair:${email} ${address}`,
    address: `address:${address}`,
    email: `email:${email}`,
    spare: `spare:${email}`,
  }
}

/**
 * Counts an attempt as a failure and returns the `mark` by which `forgive` removes it once the password is right, or
 * `refused` with the seconds to wait. 5 failures of one e-mail from one address, 20 from one address and 20 of one e-mail
 * within 15 minutes are the limits; past the last, an address without failures gets one attempt a minute for that e-mail.
 */
export async function countAttempt(
  db: Database,
  attempt: Attempt,
): Promise<{ mark: string } | { refused: { waitSeconds: number } }> {
  const { spare, ...subjects } = subjectsOf(attempt)
  await db.delete(signInFailures).where(lt(signInFailures.at, sql`hub_now() - make_interval(secs => ${windowSeconds})`))
  return db.transaction(async (tx) => {
    await lockSubjects(tx, [subjects.address, subjects.email])
    const agesOf = await readAges(tx, [...Object.values(subjects), spare])
    const waitFor = (kind: keyof typeof limits) => {
      const age = agesOf(subjects[kind])[limits[kind] - 1]
      return age === undefined ? 0 : windowSeconds - age
    }
    const emailWait = waitFor('email')
    const mayUseSpare = emailWait > 0 && agesOf(subjects.address).length === 0
    const spareWait = spareEverySeconds - (agesOf(spare)[0] ?? spareEverySeconds)
    const wait = Math.max(waitFor('pair'), waitFor('address'), mayUseSpare ? Math.min(emailWait, spareWait) : emailWait)
    if (wait > 0) return { refused: { waitSeconds: Math.max(1, Math.ceil(wait)) } }
    const counted = [...Object.values(subjects), ...(mayUseSpare ? [spare] : [])]
    const [row] = await tx
      .insert(signInFailures)
      .values(counted.map((subject) => ({ subject })))
      .returning({ mark: sql<string>`${signInFailures.at}::text` })
    return { mark: row?.mark as string }
  })
}

/** Holds until the transaction ends. The keys are locked in order, so that two attempts never deadlock. */
async function lockSubjects(tx: Queryable, names: string[]): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(key) from (
    select hashtextextended(name, 0) as key from unnest(array[${sql.join(names, sql`, `)}]) as name order by 1) as keys`)
}

/** The ages in seconds of the failures of each subject, the newest first. */
async function readAges(tx: Queryable, names: string[]): Promise<(subject: string) => number[]> {
  const failures = await tx
    .select({
      subject: signInFailures.subject,
      age: sql<number>`extract(epoch from hub_now() - ${signInFailures.at})::float8`,
    })
    .from(signInFailures)
    .where(inArray(signInFailures.subject, names))
    .orderBy(sql`${signInFailures.at} desc`)
  return (subject) => failures.filter((failure) => failure.subject === subject).map(({ age }) => age)
}

/** Removes an attempt whose password was right, and the earlier failures of the same e-mail from the same address. */
export async function forgive(db: Queryable, attempt: Attempt, mark: string): Promise<void> {
  const { pair, ...others } = subjectsOf(attempt)
  await db
    .delete(signInFailures)
    .where(
      and(inArray(signInFailures.subject, Object.values(others)), sql`${signInFailures.at} = ${mark}::timestamptz`),
    )
  await db.delete(signInFailures).where(eq(signInFailures.subject, pair))
}

/** What a person whose attempt was refused reads. */
export function waitWords(waitSeconds: number): string {
  const minutes = Math.ceil(waitSeconds / 60)
  const wait = waitSeconds < 60 ? `${waitSeconds} seconds` : minutes === 1 ? '1 minute' : `${minutes} minutes`
  return `There were too many attempts with a wrong password. Try again in ${wait}.`
}

/**
 * Runs `guess`, which says whether a password was right, as one counted attempt. Too many wrong ones are refused beside
 * `field`, without running it.
 */
export async function limitGuesses<T>(
  db: Database,
  attempt: Attempt,
  field: string | undefined,
  guess: () => Promise<FormResult<T>>,
): Promise<FormResult<T>> {
  const counted = await countAttempt(db, attempt)
  if ('refused' in counted) return refused(waitWords(counted.refused.waitSeconds), field)
  const result = await guess()
  if (result.ok) await forgive(db, attempt, counted.mark)
  return result
}

const resetLimits = { email: 3, address: 20 }

/**
 * Counts a request for a reset link. `email`: the mails to this address within 15 minutes are used up; `address`: so are the
 * requests from this client. `none`: neither is.
 */
export function countResetRequest(
  db: Database,
  { email, address: full }: Attempt,
): Promise<'none' | 'email' | 'address'> {
  const subjects = { email: `reset:${email}`, address: `reset-from:${addressNetwork(full)}` }
  return db.transaction(async (tx) => {
    await lockSubjects(tx, Object.values(subjects))
    const agesOf = await readAges(tx, Object.values(subjects))
    for (const kind of ['address', 'email'] as const) {
      const recent = agesOf(subjects[kind]).filter((age) => age < windowSeconds)
      if (recent.length >= resetLimits[kind]) return kind
    }
    await tx.insert(signInFailures).values(Object.values(subjects).map((subject) => ({ subject })))
    return 'none'
  })
}
