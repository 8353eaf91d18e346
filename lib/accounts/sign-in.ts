import { eq } from 'drizzle-orm'
import { db } from '../db/client'
import { sessions } from '../db/people-schema'
import { done, type FormResult, refused } from '../form-result'
import type { ChangePassword, SignIn } from './account-schema'
import { recordPersonAudit } from './audit'
import { auth, authIn } from './auth'
import type { Authorised } from './authorise'
import { refuseCommon } from './common-password'
import { findMembership } from './membership'
import { limitGuesses } from './throttle'
import { unlessRefused } from './unless-refused'

/** A request's client address and headers. */
export type Visitor = { address: string; headers: Headers }

/** A person who has entered their password; with `needsCode` nothing is open until they enter a code as well. */
export type Entered = { userId: string; needsCode: boolean }

/**
 * Opens a session and sets its cookie; of a person with two-factor sign-in it only remembers for ten minutes that the
 * password was right. Wrong passwords are limited; the refusal says how long to wait.
 */
export function signInWithPassword({ email, password }: SignIn, visitor: Visitor): Promise<FormResult<Entered>> {
  return limitGuesses(db(), { email, address: visitor.address }, undefined, async () => {
    const body = { email, password }
    const opened = await unlessRefused(auth().api.signInEmail({ body, headers: visitor.headers }))
    if ('refusal' in opened) return refused('E-mail address or password is wrong. Check both and try again.')
    // The auth library's types do not know this answer of its two-factor plugin.
    const needsCode = 'twoFactorRedirect' in opened.value
    return done({ userId: needsCode ? '' : opened.value.user.id, needsCode })
  })
}

/** Refuses a person who has signed in but belongs to no account, and ends their session. */
export async function refuseWithoutAccount(userId: string): Promise<FormResult> {
  if (await findMembership(db(), userId)) return done(undefined)
  await db().delete(sessions).where(eq(sessions.userId, userId))
  return refused('You no longer belong to an account here. Ask its owner to invite you again.')
}

/**
 * Changes a person's password and signs out their other browsers. Guessing the present password is limited as at sign-in; a
 * new password that is among the most common ones is refused.
 */
export async function changePassword(
  { currentPassword, newPassword }: ChangePassword,
  { user }: Authorised,
  visitor: Visitor,
): Promise<FormResult> {
  const weak = refuseCommon(newPassword, 'newPassword')
  if (weak) return weak
  return limitGuesses(db(), { email: user.email, address: visitor.address }, 'currentPassword', () =>
    db().transaction(async (tx) => {
      const body = { currentPassword, newPassword, revokeOtherSessions: true }
      const changed = await unlessRefused(authIn(tx).api.changePassword({ body, headers: visitor.headers }))
      if ('refusal' in changed) return refused('This is not your present password.', 'currentPassword')
      await recordPersonAudit(tx, { personId: user.id, by: user.id }, 'user.password-changed')
      return done(undefined)
    }),
  )
}
