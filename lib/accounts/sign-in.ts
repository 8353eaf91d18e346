import { isAPIError } from 'better-auth/api'
import { db } from '../db/client'
import { done, type FormResult, refused } from '../form-result'
import type { ChangePassword, SignIn } from './account-schema'
import { recordAudit } from './audit'
import { auth } from './auth'
import type { Authorised } from './authorise'
import { refuseCommon } from './common-password'
import { findMembership } from './membership'
import { countAttempt, forgive, waitWords } from './throttle'

/** A request's client address and headers. */
type Visitor = { address: string; headers: Headers }

/** Opens a session and sets its cookie. Wrong passwords are limited; the refusal says how long to wait. */
export async function signInWithPassword({ email, password }: SignIn, visitor: Visitor): Promise<FormResult> {
  const attempt = { email, address: visitor.address }
  const counted = await countAttempt(db(), attempt)
  if ('refused' in counted) return refused(waitWords(counted.refused.waitSeconds))
  const opened = await unlessRefused(auth().api.signInEmail({ body: { email, password }, headers: visitor.headers }))
  if (!opened) return refused('E-mail address or password is wrong. Check both and try again.')
  await forgive(db(), attempt, counted.mark)
  if (!(await findMembership(db(), opened.user.id)))
    return refused('You no longer belong to an account here. Ask its owner to invite you again.')
  return done(undefined)
}

/**
 * Changes a person's password and signs out their other browsers. Guessing the present password is limited as at sign-in; a
 * new password that is among the most common ones is refused.
 */
export async function changePassword(
  { currentPassword, newPassword }: ChangePassword,
  { account, user }: Authorised,
  visitor: Visitor,
): Promise<FormResult> {
  const weak = refuseCommon(newPassword, 'newPassword')
  if (weak) return weak
  const attempt = { email: user.email, address: visitor.address }
  const counted = await countAttempt(db(), attempt)
  if ('refused' in counted) return refused(waitWords(counted.refused.waitSeconds), 'currentPassword')
  const body = { currentPassword, newPassword, revokeOtherSessions: true }
  const changed = await unlessRefused(auth().api.changePassword({ body, headers: visitor.headers }))
  if (!changed) return refused('This is not your present password.', 'currentPassword')
  await forgive(db(), attempt, counted.mark)
  await recordAudit(db(), account.id, user.id, 'user.password-changed', user.id)
  return done(undefined)
}

/** What the auth library answers; undefined when it refuses what the person entered. */
async function unlessRefused<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) return undefined
    throw error
  }
}
