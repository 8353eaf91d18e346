import type pg from 'pg'
import { type CheckedKey, checkApiKey, markUsed } from '../accounts/api-key-check'
import { isOperatorKey } from '../accounts/operator-key'
import { problem } from '../http/problem'
import type { BucketRate } from '../http/token-bucket'
import { tooMany, unauthorised } from './answer'
import type { Operation, Scope } from './operation'

/** What may be called with a key of these scopes: the highest of them. */
export const scopeOf = ({ scopes }: Pick<CheckedKey, 'scopes'>): 'manage' | 'read' | undefined =>
  scopes.includes('manage') ? 'manage' : scopes.includes('read') ? 'read' : undefined

const order: Scope[] = ['public', 'read', 'manage', 'operator']
const covers = (scope: Scope, needed: Scope) => order.indexOf(scope) >= order.indexOf(needed)

/** Who sends a request. `account`: the one that a key belongs to; the operator's key belongs to none. */
export type Sender =
  | { kind: 'nobody' }
  | { kind: 'operator' }
  | { kind: 'key'; key: CheckedKey; scope: 'manage' | 'read' }

type Limits = {
  /** Requests of each key. */
  ofKey: (key: string, cost: number, rate: BucketRate) => number
  rate: BucketRate
  /** Requests of each address that have no valid key. */
  ofAddress: (address: string) => number
  addressRate: BucketRate
}

/** Who sends the request, or the response that refuses it: without a valid key, over the limit, or with too low a scope. */
export async function authoriseSender(
  db: pg.Pool,
  operation: Operation,
  { header, address, limits }: { header: string | null; address: string; limits: Limits },
): Promise<Sender | Response> {
  const anonymous = () => {
    const wait = limits.ofAddress(address)
    return wait > 0 ? tooMany(limits.addressRate.perSecond, wait) : undefined
  }
  if (operation.scope === 'public') return anonymous() ?? { kind: 'nobody' }
  if (isOperatorKey(header)) return { kind: 'operator' }
  const key = await checkApiKey(db, header)
  if (!key) return anonymous() ?? unauthorised('Send a valid API key as "Authorization: Bearer …".')
  const wait = limits.ofKey(key.keyId, 1, limits.rate)
  if (wait > 0) return tooMany(limits.rate.perSecond, wait)
  markUsed(db, key, address)
  const scope = scopeOf(key)
  if (!scope || !covers(scope, operation.scope)) return wrongScope(operation.scope)
  return { kind: 'key', key, scope }
}

const wrongScope = (needed: Scope) =>
  problem(
    403,
    'Wrong scope',
    needed === 'operator'
      ? 'This needs the operator’s key.'
      : `This API key may not do this: make one with the scope "${needed}".`,
  )
