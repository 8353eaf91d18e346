import { headers } from 'next/headers'
import { forbidden, notFound, redirect, unauthorized } from 'next/navigation'
import { cache } from 'react'
import { db } from '../db/client'
import { env } from '../env'
import { CLIENT_ADDRESS_HEADER } from '../http/client-address'
import { answerWithStatus, isBehindDoor } from '../pages/behind-door'
import { readingAuth } from './auth'
import { type CurrentAccount, findMembership } from './membership'
import { RefusedError } from './refusals'
import { mayAct, type Role } from './roles'
import { refuseForeign } from './same-origin'

export type Authorised = {
  account: CurrentAccount
  user: { id: string; name: string; email: string }
  role: Role
}

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
  if (!mayAct(found.role, needed)) return inAction ? refuseAction('role') : forbidden()
  return found
}

/** Refuses in words that the form shows; it keeps what was typed. */
function refuseAction(why: 'signedOut' | 'role' | 'foreign'): never {
  answerWithStatus(why === 'signedOut' ? 401 : 403)
  throw new RefusedError(why)
}

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

/** The person and account of the session, or undefined. Read once per request. */
export const signedIn = cache(async (): Promise<Authorised | undefined> => {
  requireDoor()
  const session = await readingAuth().api.getSession({ headers: await headers() })
  if (!session) return undefined
  const membership = await findMembership(db(), session.user.id)
  if (!membership) return undefined
  const { id, name, email } = session.user
  return { ...membership, user: { id, name, email } }
})

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
