import type pg from 'pg'
import { checkApiKey, markUsed } from '../accounts/api-key-check'
import { openAddressLimit } from '../http/address-limit'
import { CLIENT_ADDRESS_HEADER } from '../http/client-address'
import { json, problem } from '../http/problem'
import type { Handler } from '../http/route'
import type { BucketRate } from '../http/token-bucket'
import type { Log } from '../log'
import { readId } from '../type-id'
import { findReviews } from './reviews'
import { type ReviewKind, type ReviewsQuery, readReviewsQuery, reviewKinds } from './reviews-query'
import { shownReview } from './shown-review'

// GET /api/v1/reviews/{all|service|product|nps}, the target of the link in a `feefo` payload (Feefo, “WebHooks”).
// Without a key, an unknown account and one that publishes nothing get the same answer, so that callers cannot find out
// which accounts exist.

/** For each address. A receiver looks up one review for each call that it gets, which stays below this. */
export const reviewsRate = { perSecond: 20, burst: 200 }
/**
 * For each address, for lists without a key. A list counts all published reviews; with 300,000 that takes up to 1 s.
 */
export const publishedListRate = { perSecond: 2, burst: 20 }

export type ReviewsApiOptions = {
  db: pg.Pool
  log: Log
  /**
   * The caller's address. By default the header that server.ts sets; server.ts removes the same header from requests.
   */
  addressOf?: (request: Request) => string | null
  /** Milliseconds, for the rate limits. */
  clock?: () => number
}

/** Returns the request handler. server.ts and the route for serverless hosts both mount it. */
export function openReviewsApi({ db, log, addressOf = ownHeader, clock }: ReviewsApiOptions): Handler {
  const limit = openAddressLimit(reviewsRate, clock)
  const listLimit = openAddressLimit(publishedListRate, clock)

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const name = /^\/api\/v1\/reviews\/([^/]+)$/.exec(url.pathname)?.[1]
    const kind = reviewKinds.find((known) => known === name)
    if (!kind) return problem(404, 'Not found', `Ask for one of ${reviewKinds.join(', ')} under /api/v1/reviews/.`)
    if (request.method !== 'GET')
      return problem(405, 'Method not allowed', 'Read reviews with GET.', { headers: { allow: 'GET' } })
    const address = addressOf(request) ?? 'unknown'
    const waitSeconds = limit(address)
    if (waitSeconds > 0) return tooMany(reviewsRate, waitSeconds)
    const read = readReviewsQuery(kind, url.searchParams)
    if ('faults' in read) {
      const detail = read.faults.map(({ parameter, message }) => `${parameter} ${message}`).join('; ')
      return problem(400, 'Bad request', `${detail}.`, { more: { errors: read.faults } })
    }
    const authorization = request.headers.get('authorization')
    const listWaitSeconds = authorization || read.query.id !== undefined ? 0 : listLimit(address)
    if (listWaitSeconds > 0) return tooMany(publishedListRate, listWaitSeconds)
    const access = await authoriseCaller(db, kind, read.query, { authorization, address: addressOf(request) })
    return access instanceof Response ? access : list(db, kind, read.query, access)
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      log.error({ error: (error as Error).message }, 'reviews could not be read')
      return problem(503, 'Not available', 'The reviews can’t be read right now.', { headers: { 'retry-after': '1' } })
    }
  }
}

const tooMany = ({ perSecond }: BucketRate, waitSeconds: number) =>
  problem(429, 'Too many requests', `Send at most ${perSecond} requests a second.`, {
    headers: { 'retry-after': String(waitSeconds) },
  })

const ownHeader = (request: Request) => request.headers.get(CLIENT_ADDRESS_HEADER)

type Access = { accountId: string; withKey: boolean }

/**
 * No account and no feedback has this id. Unknown ones are queried with it, so that the answer takes as long as others.
 */
const unknownId = '00000000-0000-0000-0000-000000000000'

/** The account that the caller may read and whether with its key, or the response that refuses. */
async function authoriseCaller(
  db: pg.Pool,
  kind: ReviewKind,
  { merchant_identifier, id }: ReviewsQuery,
  { authorization, address }: { authorization: string | null; address: string | null },
): Promise<Access | Response> {
  const account = await findAccount(db, merchant_identifier)
  if (authorization) {
    const key = await checkApiKey(db, authorization)
    if (!key) return unauthorised('This API key is not valid. Send one as "Authorization: Bearer …".')
    if (key.accountId !== account?.id)
      return problem(404, 'Not found', 'merchant_identifier is not the account that this API key belongs to.')
    if (!key.scopes.includes('read'))
      return problem(403, 'Wrong scope', 'This API key may not read reviews. Create one with the scope "read".')
    markUsed(db, key, address)
    return { accountId: key.accountId, withKey: true }
  }
  if (kind === 'nps') return unauthorised('NPS needs an API key with the scope "read".')
  if (id === undefined && !account?.publishReviews)
    return unauthorised('Lists need an API key with the scope "read", unless the account publishes its reviews.')
  return { accountId: account?.id ?? unknownId, withKey: false }
}

const unauthorised = (detail: string) =>
  problem(401, 'API key needed', detail, { headers: { 'www-authenticate': 'Bearer' } })

async function findAccount(db: pg.Pool, identifier: string) {
  const { rows } = await db.query<{ id: string; publishReviews: boolean }>({
    name: 'account-of-reviews',
    text: 'select id, publish_reviews as "publishReviews" from accounts where identifier = $1',
    values: [identifier],
  })
  return rows[0]
}

async function list(
  db: pg.Pool,
  kind: ReviewKind,
  { merchant_identifier: merchantIdentifier, id, since, rating, page, page_size: pageSize }: ReviewsQuery,
  { accountId, withKey }: Access,
): Promise<Response> {
  const { count, reviews } = await findReviews(db, accountId, {
    kind,
    id: id === undefined ? undefined : (readId('feedback', id) ?? unknownId),
    since,
    ratings: rating,
    publishedOnly: !withKey && id === undefined,
    page,
    pageSize,
  })
  return json({
    summary: { meta: { count, pages: Math.ceil(count / pageSize), page_size: pageSize, current_page: page } },
    reviews: reviews.map((review) => shownReview(review, { merchantIdentifier, kind, withKey })),
  })
}
