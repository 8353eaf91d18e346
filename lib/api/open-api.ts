import { Hono } from 'hono'
import { asCaller } from '../accounts/caller'
import type { Database } from '../db/client'
import { openAddressLimit } from '../http/address-limit'
import { etagOf, namesEtag } from '../http/etag'
import { problem } from '../http/problem'
import { type BucketRate, openTokenBuckets } from '../http/token-bucket'
import type { Log } from '../log'
import { answerInvalid, answerRefusal, notFound } from './answer'
import { authoriseSender, type Sender } from './authorise-caller'
import { findAccount } from './find-named'
import { answerOnce, refuseKey } from './idempotency'
import type { AccountCaller, ApiResult, Input, Operation } from './operation'
import { operations } from './operations'
import { readJsonBody } from './read-json-body'

// The router of /api/v1: finds the operation of a request, authorises its sender, parses what it carries, runs it and
// answers. The operations themselves are in resources/.

/** Requests of each API key, in each process that answers. */
export const keyRate = { perSecond: 20, burst: 200 }
/** Requests of each client address without a valid key. */
export const strangerRate = { perSecond: 5, burst: 50 }

export type ApiOptions = {
  db: Database
  log: Log
  /** The address of the client. */
  addressOf: (request: Request) => string
  rates?: { key: BucketRate; stranger: BucketRate }
  /** Milliseconds, for the rate limits. */
  clock?: () => number
}

/** Makes the handler of everything below /api/v1 that the long-running process does not answer itself. */
export function openApi({ db, log, addressOf, rates, clock }: ApiOptions) {
  const { key: rate, stranger: addressRate } = rates ?? { key: keyRate, stranger: strangerRate }
  const limits = {
    ofKey: openTokenBuckets(10_000, clock),
    rate,
    ofAddress: openAddressLimit(addressRate, clock),
    addressRate,
  }
  const router = new Hono().basePath('/api/v1')

  for (const operation of operations)
    for (const address of addressesOf(operation))
      router.on(operation.method.toUpperCase(), address, (context) =>
        answer(operation, context.req.raw, context.req.param() as Record<string, string>),
      )
  for (const [address, allowed] of methodsByAddress())
    router.all(address, () =>
      problem(405, 'Method not allowed', `Use ${allowed.join(' or ')} here.`, {
        headers: { allow: allowed.join(', ') },
      }),
    )
  router.notFound(() => problem(404, 'Not found', 'There is no such address. /api/openapi.json lists all of them.'))
  router.onError((error) => answerError(error, log))
  return async (request: Request): Promise<Response> => router.fetch(request)

  async function answer(operation: Operation, request: Request, given: Record<string, string>): Promise<Response> {
    const address = addressOf(request)
    const { account: named, ...rest } = given
    const header = request.headers.get('authorization')
    const sender = await authoriseSender(db.$client, operation, { header, address, limits })
    if (sender instanceof Response) return sender
    const ofAccount = operation.of === 'account'
    const accountId = ofAccount ? await accountOf(db, sender, named) : undefined
    if (ofAccount && accountId === undefined) return refuseAccount(sender, named)
    const input = await readInput(operation, request, ofAccount ? rest : given)
    if (input instanceof Response) return input
    const apiKey = sender.kind === 'key' ? sender.key.prefix : sender.kind === 'operator' ? 'operator' : undefined
    return asCaller({ address, apiKey }, async () => {
      if (operation.of === 'hub') return respond(operation, request, await operation.run({ db }, input))
      const scope = sender.kind === 'key' ? sender.scope : 'operator'
      const key = sender.kind === 'key' ? sender.key : undefined
      const caller: AccountCaller = { db, accountId: accountId as string, scope, wholeUrls: scope !== 'read', key }
      const run = async () => respond(operation, request, await operation.run(caller, input))
      const idempotencyKey = operation.idempotent ? request.headers.get('idempotency-key') : null
      if (idempotencyKey === null) return run()
      const refusal = refuseKey(idempotencyKey)
      if (refusal) return answerRefusal({ ok: false, errors: [{ message: refusal }] })
      const content = [apiKey, operation.method, new URL(request.url).pathname, input.body ?? null]
      return answerOnce(db, { accountId: caller.accountId, key: idempotencyKey, content }, run)
    })
  }
}

/** The operator acts in any account, below that account's address. */
const addressesOf = ({ of, path }: Operation): string[] => {
  const own = path.replace(/\{(\w+)\}/g, ':$1')
  return of === 'hub' ? [own] : [own, `/accounts/:account${own}`]
}

function methodsByAddress(): Map<string, string[]> {
  const allowed = new Map<string, string[]>()
  for (const operation of operations)
    for (const address of addressesOf(operation))
      allowed.set(address, [...(allowed.get(address) ?? []), operation.method.toUpperCase()])
  return allowed
}

/** The account that the sender acts in; undefined: it names none, or may not act in it. */
async function accountOf(db: Database, sender: Sender, named: string | undefined): Promise<string | undefined> {
  if (sender.kind === 'operator') return named === undefined ? undefined : findAccount(db, named)
  if (sender.kind !== 'key') return undefined
  if (named === undefined) return sender.key.accountId
  return (await findAccount(db, named)) === sender.key.accountId ? sender.key.accountId : undefined
}

const refuseAccount = (sender: Sender, named: string | undefined) =>
  sender.kind === 'operator' && named === undefined
    ? answerRefusal({
        ok: false,
        errors: [{ message: 'The operator’s key belongs to no account: put /accounts/{account} before the address.' }],
      })
    : notFound()

async function readInput(
  operation: Operation,
  request: Request,
  given: Record<string, string>,
): Promise<Response | Input<unknown, unknown, unknown>> {
  const params = operation.params?.safeParse(given)
  if (params?.success === false) return notFound()
  const query = operation.query?.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (query?.success === false) return answerInvalid(400, query.error)
  const ifMatch = request.headers.get('if-match')
  const input = {
    params: params?.data,
    query: query?.data,
    body: undefined as unknown,
    ifMatch,
    signal: request.signal,
  }
  if (!operation.body) return input
  const read = await readJsonBody(request, operation.bodyOptional === true)
  if (read instanceof Response) return read
  const body = operation.body.safeParse(read.value)
  return body.success ? { ...input, body: body.data } : answerInvalid(422, body.error)
}

function respond(operation: Operation, request: Request, result: ApiResult<unknown>): Response {
  if (!result.ok) return answerRefusal(result)
  const headers: Record<string, string> = { 'cache-control': operation.cacheControl ?? 'no-store' }
  if (!operation.answer) return new Response(null, { status: 204, headers })
  if (operation.etag) {
    headers.etag = etagOf(result.value)
    headers['cache-control'] = 'private, no-cache'
    const known = request.headers.get('if-none-match')
    if (operation.method === 'get' && known !== null && namesEtag(known, headers.etag))
      return new Response(null, { status: 304, headers })
  }
  return Response.json(result.value, { status: operation.status ?? 200, headers })
}

/** What only a bug or a database that is away causes. */
function answerError(error: Error, log: Log): Response {
  const { code, cause } = error as { code?: string; cause?: { code?: string; message?: string } }
  log.error({ error: cause?.message ?? error.message }, 'a request of the API failed')
  const away = /^(08|57P|53|ECONN|ETIMEDOUT)/.test(cause?.code ?? code ?? '')
  return away
    ? problem(503, 'Not available', 'The database does not answer. Try again in a moment.', {
        headers: { 'retry-after': '1' },
      })
    : problem(500, 'Internal error', 'The hub could not answer. Its log says why.')
}
