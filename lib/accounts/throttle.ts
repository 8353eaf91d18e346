import { and, eq, inArray, lt, or, sql } from 'drizzle-orm'
import ipaddr from 'ipaddr.js'
import type { Queryable } from '../db/client'
import { signInFailures } from '../db/people-schema'

// Password guessing is limited per e-mail, per address and per pair of both, in the database, so that it holds over
// processes and restarts. An attempt is counted before the password is looked at: a burst of guesses sent at once can't
// slip through between looking and counting. A refused attempt does not count, so waiting always helps.

export type Attempt = { email: string; address: string }

const windowMinutes = 15
const limits = { pair: 5, address: 20, email: 20 }

function subjectsOf({ email, address: full }: Attempt) {
  const address = network(full)
  return { pair: `pair:${email} ${address}`, address: `address:${address}`, email: `email:${email}` }
}

/** One IPv6 line has a /64 of addresses to itself: they count as one. */
function network(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.parts.slice(0, 4).join(':')
}

/**
 * Counts an attempt. Gives `refused` with the seconds to wait when there were too many failures, else the mark by
 * which `forgive` takes the attempt back once the password was right.
 */
export async function countAttempt(
  db: Queryable,
  attempt: Attempt,
): Promise<{ mark: string } | { refused: { waitSeconds: number } }> {
  const subjects = subjectsOf(attempt)
  const names = Object.values(subjects)
  await db.delete(signInFailures).where(lt(signInFailures.at, sql`hub_now() - make_interval(mins => ${windowMinutes})`))
  const [counted] = await db
    .insert(signInFailures)
    .values(names.map((subject) => ({ subject })))
    .returning({ mark: sql<string>`${signInFailures.at}::text` })
  const mark = counted?.mark as string
  const recent = await db
    .select({
      subject: signInFailures.subject,
      freeIn: sql<number>`ceil(extract(epoch from ${signInFailures.at} + make_interval(mins => ${windowMinutes}) - hub_now()))::int`,
    })
    .from(signInFailures)
    .where(inArray(signInFailures.subject, names))
    .orderBy(signInFailures.at)
  const waits = (Object.keys(limits) as (keyof typeof limits)[]).flatMap((kind) => {
    const times = recent.filter(({ subject }) => subject === subjects[kind])
    // Without this attempt there are length - 1; one below the limit is free again when enough of the oldest are gone.
    const blocking = times[times.length - 1 - limits[kind]]
    return blocking ? [blocking.freeIn] : []
  })
  if (waits.length === 0) return { mark }
  await takeBack(db, names, mark)
  return { refused: { waitSeconds: Math.max(1, ...waits) } }
}

/** Takes back an attempt that was right, and the pair's earlier failures: the person has shown who they are. */
export async function forgive(db: Queryable, attempt: Attempt, mark: string): Promise<void> {
  const { pair, address, email } = subjectsOf(attempt)
  await takeBack(db, [address, email], mark)
  await db.delete(signInFailures).where(eq(signInFailures.subject, pair))
}

async function takeBack(db: Queryable, names: string[], mark: string): Promise<void> {
  await db
    .delete(signInFailures)
    .where(
      and(
        or(...names.map((name) => eq(signInFailures.subject, name))),
        sql`${signInFailures.at} = ${mark}::timestamptz`,
      ),
    )
}

/** "Too many attempts. Try again in 12 minutes." */
export function waitWords(waitSeconds: number): string {
  const minutes = Math.ceil(waitSeconds / 60)
  const wait = waitSeconds < 60 ? `${waitSeconds} seconds` : minutes === 1 ? '1 minute' : `${minutes} minutes`
  return `There were too many attempts with a wrong password. Try again in ${wait}.`
}
