import { hashPassword } from 'better-auth/crypto'
import { eq } from 'drizzle-orm'
import { refuseCommon } from '../accounts/common-password'
import type { Database, Transaction } from '../db/client'
import { newId } from '../db/ids'
import { credentials, sessions, users } from '../db/people-schema'
import { done, type FormResult, refused } from '../form-result'
import { endInvitation, lockInvitation } from './invitations'
import { addMember } from './members'

// Accepting an invitation: a person without a sign-in chooses a password, another one signs in first. The link alone gives
// nobody the sign-in of a person who has one.

const ended = refused('This invitation has expired, or was accepted or withdrawn. Ask for a new one.')

/** Makes a sign-in for the invited address and joins the account. */
export async function joinAsNewPerson(
  db: Database,
  token: string,
  newPassword: string,
): Promise<FormResult<{ email: string }>> {
  const weak = refuseCommon(newPassword, 'password')
  if (weak) return weak
  const password = await hashPassword(newPassword)
  return db.transaction(async (tx) => {
    const invited = await lockInvitation(tx, token)
    if (!invited) return ended
    const userId = await insertPerson(tx, invited.email, password)
    if (!userId) return refused('You have a sign-in here already. Open the link again and sign in.')
    await endInvitation(tx, invited)
    await addMember(tx, { ...invited, by: userId, userId }, invited)
    return done({ email: invited.email })
  })
}

/** Joins the account with the sign-in of this session, which works in the account from then on. */
export function joinAsPerson(
  db: Database,
  token: string,
  person: { id: string; email: string; sessionId: string },
): Promise<FormResult> {
  return db.transaction(async (tx) => {
    const invited = await lockInvitation(tx, token)
    if (!invited) return ended
    if (invited.email !== person.email)
      return refused(`This invitation is for ${invited.email}. Sign out, then open the link again.`)
    await endInvitation(tx, invited)
    await addMember(tx, { ...invited, by: person.id, userId: person.id }, invited)
    await tx.update(sessions).set({ accountId: invited.accountId }).where(eq(sessions.id, person.sessionId))
    return done(undefined)
  })
}

/** A sign-in with this hashed password. Undefined when the address has one. */
export async function insertPerson(tx: Transaction, email: string, password: string): Promise<string | undefined> {
  const userId = newId()
  const [made] = await tx
    .insert(users)
    .values({ id: userId, email, name: email.slice(0, email.indexOf('@')) })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id })
  if (!made) return undefined
  await tx.insert(credentials).values({ id: newId(), userId, accountId: userId, providerId: 'credential', password })
  return userId
}
