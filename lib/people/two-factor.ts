import { recordPersonAudit } from '../accounts/audit'
import { auth, authIn } from '../accounts/auth'
import type { Authorised } from '../accounts/authorise'
import type { Entered, Visitor } from '../accounts/sign-in'
import { limitGuesses } from '../accounts/throttle'
import { unlessRefused } from '../accounts/unless-refused'
import { db, type Transaction } from '../db/client'
import { done, type FormResult, refused } from '../form-result'
import { demandingAccount } from './demand-two-factor'

// Two-factor sign-in: a code of an authenticator app (TOTP, RFC 6238) or one of ten recovery codes, through the auth
// library's plugin. Five wrong codes end a sign-in; ten in a row close the second factor for 15 minutes.

/** What a person enters into their authenticator app, and the codes for when they have lost it. */
export type TwoFactorSetup = { uri: string; key: string; recoveryCodes: string[] }

const wrongPassword = refused('This is not your password.', 'password')
const wrongCode = refused('This code is not right. Enter the one that your app shows now.', 'code')

/** The second step of a sign-in: opens the session when the code is right. */
export async function signInWithCode(code: string, { headers }: Visitor): Promise<FormResult<Entered>> {
  const { api } = auth()
  const answer = /^\d{6}$/.test(code)
    ? await unlessRefused(api.verifyTOTP({ body: { code }, headers }))
    : await unlessRefused(api.verifyBackupCode({ body: { code: withHyphen(code) }, headers }))
  if ('value' in answer) return done({ userId: answer.value.user.id, needsCode: false })
  switch (answer.refusal) {
    case 'INVALID_CODE':
      return wrongCode
    case 'INVALID_BACKUP_CODE':
      return refused('This is none of your recovery codes that are left. Each works once.', 'code')
    case 'ACCOUNT_TEMPORARILY_LOCKED':
      return refused('There were too many wrong codes. Try again in 15 minutes.')
    default:
      return refused('This sign-in took too long or had too many wrong codes. Enter your password again.')
  }
}

/** Recovery codes are shown and stored with a hyphen in their middle. */
const withHyphen = (code: string) => (code.includes('-') ? code : `${code.slice(0, 5)}-${code.slice(5)}`)

/** Makes the key of an authenticator. Nothing is on until a code of it was entered. */
export function startTwoFactor(
  password: string,
  who: Authorised,
  visitor: Visitor,
): Promise<FormResult<TwoFactorSetup>> {
  return withPassword(who, visitor, async (tx) => {
    const call = authIn(tx).api.enableTwoFactor({ body: { password }, headers: visitor.headers })
    const answer = await unlessRefused(call)
    if ('refusal' in answer || answer.value.method !== 'totp') return wrongPassword
    const { totpURI: uri, backupCodes: recoveryCodes } = answer.value
    return done({ uri, key: new URL(uri).searchParams.get('secret') ?? '', recoveryCodes })
  })
}

/** Turns two-factor sign-in on with the first code of the authenticator. */
export function confirmTwoFactor(code: string, { user }: Authorised, { headers }: Visitor): Promise<FormResult> {
  return db().transaction(async (tx) => {
    const answer = await unlessRefused(authIn(tx).api.verifyTOTP({ body: { code }, headers }))
    if ('refusal' in answer) return wrongCode
    await recordPersonAudit(tx, { personId: user.id, by: user.id }, 'user.two-factor-on')
    return done(undefined)
  })
}

/** Replaces all recovery codes. */
export function renewRecoveryCodes(password: string, who: Authorised, visitor: Visitor): Promise<FormResult<string[]>> {
  return withPassword(who, visitor, async (tx) => {
    const call = authIn(tx).api.generateBackupCodes({ body: { password }, headers: visitor.headers })
    const answer = await unlessRefused(call)
    if ('refusal' in answer) return wrongPassword
    await recordPersonAudit(tx, { personId: who.user.id, by: who.user.id }, 'user.recovery-codes-renewed')
    return done(answer.value.backupCodes)
  })
}

/** Turns two-factor sign-in off. Refused while one of the person's accounts demands it. */
export async function endTwoFactor(password: string, who: Authorised, visitor: Visitor): Promise<FormResult> {
  const demanding = await demandingAccount(db(), who.user.id)
  if (demanding) return refused(`${demanding} demands two-factor sign-in. It stays on while you belong to it.`)
  return withPassword(who, visitor, async (tx): Promise<FormResult> => {
    const call = authIn(tx).api.disableTwoFactor({ body: { password }, headers: visitor.headers })
    const answer = await unlessRefused(call)
    if ('refusal' in answer) return wrongPassword
    await recordPersonAudit(tx, { personId: who.user.id, by: who.user.id }, 'user.two-factor-off')
    return done(undefined)
  })
}

/** Runs what asks for the present password: guessing it is limited as at sign-in. */
const withPassword = <T>(
  { user }: Authorised,
  { address }: Visitor,
  change: (tx: Transaction) => Promise<FormResult<T>>,
): Promise<FormResult<T>> =>
  limitGuesses(db(), { email: user.email, address }, 'password', () => db().transaction(change))
