import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { recordPersonAudit } from '../accounts/audit'
import { authIn, type makeAuth } from '../accounts/auth'
import { refuseCommon } from '../accounts/common-password'
import { unlessRefused } from '../accounts/unless-refused'
import type { Database, Queryable } from '../db/client'
import { users } from '../db/people-schema'
import { done, type FormResult, refused } from '../form-result'
import { hubAddress, mailTo } from './person-mail'

// The auth library keeps the token of a reset link as its SHA-256 and lets it be used once. The token stands behind the #
// of the link: it reaches no server, proxy or log before the person sends the form.

const minutes = 30
type Auth = ReturnType<typeof makeAuth>

const identifierOf = (token: string) => `reset-password:${token}`
const ended = refused('This link has expired or was used already. Ask for a new one.')

/** The path of a new reset link of a person. It works once, for 30 minutes. */
export async function makeResetPath(auth: Auth, userId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const { internalAdapter } = await auth.$context
  const expiresAt = new Date(Date.now() + minutes * 60_000)
  await internalAdapter.createVerificationValue({ identifier: identifierOf(token), value: userId, expiresAt })
  return `/reset#${token}`
}

export async function findPerson(db: Queryable, email: string): Promise<{ id: string } | undefined> {
  const [person] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
  return person
}

/** Mails a reset link to the person with this address. Mails nothing when there is none. */
export async function mailResetLink(db: Queryable, auth: Auth, email: string): Promise<void> {
  const person = await findPerson(db, email)
  if (!person) return
  const link = hubAddress(await makeResetPath(auth, person.id))
  await mailTo(email, {
    subject: 'Choose a new password for Hearback',
    lines: [
      'Somebody, probably you, asked for a new password for this address. Open this link to choose one:',
      link,
      `It works once, and for ${minutes} minutes. If you did not ask for it, do nothing: your password stays as it is.`,
    ],
  })
}

/** Whether a reset link still works. */
export async function isResetToken(auth: Auth, token: string): Promise<boolean> {
  return (await ownerOf(auth, token)) !== undefined
}

/** Sets a new password with a reset link, which then no longer works, and ends all sessions of the person. */
export async function resetPassword(db: Database, token: string, newPassword: string): Promise<FormResult> {
  const weak = refuseCommon(newPassword, 'password')
  if (weak) return weak
  return db.transaction(async (tx) => {
    const auth = authIn(tx)
    const userId = await ownerOf(auth, token)
    if (!userId) return ended
    const reset = await unlessRefused(auth.api.resetPassword({ body: { token, newPassword } }))
    if ('refusal' in reset) return ended
    await recordPersonAudit(tx, { personId: userId, by: userId }, 'user.password-reset')
    return done(undefined)
  })
}

async function ownerOf(auth: Auth, token: string): Promise<string | undefined> {
  const { internalAdapter } = await auth.$context
  const found = await internalAdapter.findVerificationValue(identifierOf(token))
  return found && found.expiresAt > new Date() ? found.value : undefined
}
