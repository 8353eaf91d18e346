import { and, eq } from 'drizzle-orm'
import { accountSubject, recordAudit } from '../accounts/audit'
import type { Authorised } from '../accounts/authorise'
import type { Database, Queryable } from '../db/client'
import { members } from '../db/people-schema'
import { accounts } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'

/** The name of an account of this person that demands two-factor sign-in, or undefined. */
export async function demandingAccount(db: Queryable, userId: string): Promise<string | undefined> {
  const [found] = await db
    .select({ name: accounts.name })
    .from(members)
    .innerJoin(accounts, eq(accounts.id, members.accountId))
    .where(and(eq(members.userId, userId), eq(accounts.demandsTwoFactor, true)))
    .limit(1)
  return found?.name
}

/**
 * Says whether an account demands two-factor sign-in of its members. Those without see only their own sign-in until they have
 * set it up, so the person who demands it must have it.
 */
export async function demandTwoFactor(
  db: Database,
  { account, user }: Pick<Authorised, 'account' | 'user'>,
  demanded: boolean,
): Promise<FormResult> {
  if (demanded && !user.twoFactor)
    return refused('Set up two-factor sign-in for yourself first. You would lock yourself out otherwise.')
  return db.transaction(async (tx) => {
    const [before] = await tx
      .select({ demanded: accounts.demandsTwoFactor })
      .from(accounts)
      .where(eq(accounts.id, account.id))
      .for('no key update')
    if (before?.demanded === demanded) return done(undefined)
    await tx.update(accounts).set({ demandsTwoFactor: demanded }).where(eq(accounts.id, account.id))
    await recordAudit(tx, account.id, user.id, 'account.updated', accountSubject(account.id), {
      demandsTwoFactor: { from: !demanded, to: demanded },
    })
    return done(undefined)
  })
}
