import { cookies, headers } from 'next/headers'
import { forbidden, notFound, redirect, unauthorized } from 'next/navigation'
import { cache } from 'react'
import { db } from '../db/client'
import { env } from '../env'
import type { FormResult } from '../form-result'
import { CLIENT_ADDRESS_HEADER } from '../http/client-address'
import { answerWithStatus, isBehindDoor } from '../pages/behind-door'
import { markSessionUsed } from '../people/sessions'
import { findSession } from './find-session'
import type { CurrentAccount } from './membership'
import { RefusedError } from './refusals'
import { mayAct, type Role } from './roles'
import { refuseForeign } from './same-origin'
import { sessionCookieName, signedToken } from './session-cookie'

export type Authorised = {
  account: CurrentAccount
  user: { id: string; name: string; email: string; twoFactor: boolean }
  role: Role
  sessionId: string
}

/** Where a person changes their own sign-in. It stays open while an account is closed to them. */
const ownPage = '/settings/profile'

/**
 * Returns who is asking, after checking that they may: the first line of every page, action and cookie-authenticated route.
 * Not signed in: a page leads to /sign-in, an action or route answers 401. Role below `needed`: 403. An action, and a route
 * handler's request that is no GET, must come from this hub's own pages: else 403. Route handlers pass their request.
 */
export async function authorise(needed: Role, request?: Request): Promise<Authorised> {
  await refuseForeignChange(request)
  const found = await signedIn()
  const inAction = !request && isAction(await headers())
  if (!found) return inAction ? refuseAction('signedOut') : request ? unauthorized() : redirect('/sign-in')
  const closed = closedTo(found)
  if (closed) return inAction ? refuseAction(closed) : request ? forbidden() : redirect(ownPage)
  if (!mayAct(found.role, needed)) return inAction ? refuseAction('role') : forbidden()
  return found
}

/** The same for what is the person's own: also while the account is closed to them. */
export async function authorisePerson(): Promise<Authorised> {
  await refuseForeignChange()
  const found = await signedIn()
  if (!found) return isAction(await headers()) ? refuseAction('signedOut') : redirect('/sign-in')
  return found
}

/** Why the person sees nothing of their account, or undefined. */
export function closedTo({ account, user }: Authorised): 'suspended' | 'twoFactor' | undefined {
  if (account.suspended) return 'suspended'
  return account.demandsTwoFactor && !user.twoFactor ? 'twoFactor' : undefined
}

/** The result of an action, whose answer has the status 404 when an id names nothing in the account. */
export function answered<T>(result: FormResult<T>): FormResult<T> {
  if (!result.ok && result.missing) answerWithStatus(404)
  return result
}

/** For an action that was given an id which names nothing in the account: answers 404, in words that the form shows. */
export const refuseMissing = (): never => refuseAction('missing')

/** Refuses in words that the form shows; it keeps what was typed. */
function refuseAction(why: keyof typeof statuses): never {
  answerWithStatus(statuses[why])
  throw new RefusedError(why)
}

const statuses = { signedOut: 401, role: 403, foreign: 403, suspended: 403, twoFactor: 403, missing: 404 } as const

/** The same for what needs no session: signing in, setting up. Returns the caller's address. */
export async function authoriseVisitor(): Promise<{ address: string; headers: Headers }> {
  requireDoor()
  await refuseForeignChange()
  const own = new Headers(await headers())
  return { address: own.get(CLIENT_ADDRESS_HEADER) ?? 'unknown', headers: own }
}

/** Answers 404 on a host that runs no server.ts. */
export function requireDoor(): void {
  if (!isBehindDoor()) notFound()
}

/** The session of the request, or undefined. Its person may belong to no account. Read once per request. */
export const readSession = cache(async () => {
  requireDoor()
  const { HEARBACK_URL, HEARBACK_SESSION_SECRET } = env()
  // Not of the request's headers: an action may have replaced the session, and the page in its answer is of the new one.
  const cookie = (await cookies()).get(sessionCookieName(HEARBACK_URL))
  const token = signedToken(cookie?.value, HEARBACK_SESSION_SECRET)
  const found = token ? await findSession(db(), token) : undefined
  if (found) markSessionUsed(db(), found.session)
  return found
})

/** The person and account of the session, or undefined. Read once per request. */
export async function signedIn(): Promise<Authorised | undefined> {
  const found = await readSession()
  if (!found?.membership) return undefined
  return { ...found.membership, user: found.user, sessionId: found.session.id }
}

async function refuseForeignChange(request?: Request): Promise<void> {
  const own = request?.headers ?? (await headers())
  if (request ? isRead(request.method) : !isAction(own)) return
  if (refuseForeign(own, env().HEARBACK_URL)) request ? forbidden() : refuseAction('foreign')
}

const isRead = (method: string) => method === 'GET' || method === 'HEAD'

/** What Next takes for an action, seen from its headers: nothing else of a POST to a page runs code of ours. */
const isAction = (own: Pick<Headers, 'get'>) =>
  own.get('next-action') !== null ||
  /^(multipart\/form-data|application\/x-www-form-urlencoded)/.test(own.get('content-type') ?? '')
