import pino from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import type { ApiScope } from '../accounts/api-key-schema'
import { createApiKey } from '../accounts/api-keys'
import { newRandomId } from '../db/ids'
import type { accounts } from '../db/schema'
import type { RenderContext } from '../formats/format'
import { CLIENT_ADDRESS_HEADER } from '../http/client-address'
import type { Handler } from '../http/route'
import { openIngest } from '../pipeline/ingest/ingest'
import { showId } from '../type-id'
import { openReviewsApi, publishedListRate, reviewsRate } from './reviews-api'

const log = pino({ level: 'silent' })
let database: TestDatabase
let ingest: Handler
let now = 0
let api: Handler

beforeAll(async () => {
  database = await createTestDatabase()
  ingest = openIngest({ db: database.pool, hubUrl: 'https://hub.test', log })
  api = openReviewsApi({ db: database.pool, log, clock: () => now })
})

type Json = { summary: { meta: Record<string, number> }; reviews: Record<string, unknown>[] }
type Asked = { key?: string; address?: string; method?: string }

async function openShop(set: Partial<typeof accounts.$inferInsert> = {}) {
  const account = await makeAccount(database.db, set)
  const identifier = set.identifier ?? `shop-${account.accountId}`
  const makeKey = async (...scopes: ApiScope[]) =>
    (await createApiKey(database.db, account.accountId, null, { name: 'Test', scopes })).key
  const ingestKey = await makeKey('ingest')
  return {
    ...account,
    identifier,
    makeKey,
    /** Posts events and expects each to be accepted. */
    async post(...events: Record<string, unknown>[]) {
      const response = await ingest(
        new Request('https://hub.test/api/v1/events', {
          method: 'POST',
          headers: { authorization: `Bearer ${ingestKey}`, 'content-type': 'application/json' },
          body: JSON.stringify(events),
        }),
      )
      expect(await response.json()).toMatchObject({ accepted: events.length, rejected: [] })
    },
    /** The id that payloads carry for the feedback with this id of the platform. */
    async publicId(externalId: string) {
      const { rows } = await database.pool.query('select id from feedback where account_id = $1 and external_id = $2', [
        account.accountId,
        externalId,
      ])
      return showId('feedback', rows[0].id)
    },
  }
}

function ask(kind: string, parameters: Record<string, string | number>, { key, address, method = 'GET' }: Asked = {}) {
  const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]))
  now += 60_000
  return api(
    new Request(`https://hub.test/api/v1/reviews/${kind}?${query}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        [CLIENT_ADDRESS_HEADER]: address ?? '198.51.100.7',
      },
    }),
  )
}

async function read(kind: string, parameters: Record<string, string | number>, asked?: Asked): Promise<Json> {
  const response = await ask(kind, parameters, asked)
  expect(response.status).toBe(200)
  return response.json()
}

const created = (id: string, feedback: Record<string, unknown>, source?: Record<string, unknown>) => ({
  type: 'feedback.created',
  source: source ?? { key: 'ticket-closed', name: 'Ticket closed', kind: 'email' },
  feedback: { id, ...feedback },
})
const page = { key: 'page', name: 'Our page', kind: 'review_page' }

/** A feedback with every field that the ingest API accepts. */
const whole = {
  service: { rating: 2, title: 'Slow', text: 'Took nine days.' },
  products: [{ sku: 'LMP-7', title: 'Brass desk lamp', rating: 5, text: 'Lovely.' }],
  nps: { score: 6, reason: 'Delivery' },
  temperature: 'red',
  comment: 'Still broken',
  drivers: ['Speed'],
  answers: [{ type: 'Rating', title: 'Please rate us?', response: 3 }],
  customer: {
    name: 'Priya Shah',
    firstName: 'Priya',
    lastName: 'Shah',
    displayName: 'Priya',
    email: 'priya@example.net',
    phone: '14155552671',
    externalId: 'C-55',
    company: 'Quay Ltd',
    location: 'Leeds',
    country: 'GB',
    locale: 'en-GB',
  },
  campaign: { id: '412', name: 'March helpdesk', sentAt: '2026-11-20T09:00:00Z' },
  custom: ['T-1042'],
  order: { ref: 'A-1001' },
  tags: ['web'],
  properties: { plan: 'Team' },
  request: { ip: '203.0.113.9', userAgent: 'Mozilla', originUrl: 'https://app.example.org/' },
  excludedFromCalculations: false,
  createdAt: '2026-11-20T10:12:30Z',
  updatedAt: '2026-11-20T10:12:30Z',
}

/** Every path of a JSON value, with [] for arrays. */
const keysOf = (value: unknown, path = ''): string[] =>
  Array.isArray(value)
    ? [...new Set(value.flatMap((item) => keysOf(item, `${path}[]`)))]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path ? `${path}.${key}` : key))
      : [path]

const publicKeys = {
  customer: ['customer.display_name', 'customer.display_location'],
  service: ['service.rating.min', 'service.rating.max', 'service.rating.rating', 'service.title', 'service.review'],
  product: [
    'products[].product.sku',
    'products[].product.title',
    'products[].rating.min',
    'products[].rating.max',
    'products[].rating.rating',
    'products[].review',
  ],
}
const always = ['id', 'merchant.identifier', ...publicKeys.customer]

describe('a look-up without a key', () => {
  test('returns the feedback with the id that its payload carries', async () => {
    const shop = await openShop()
    await shop.post(created('fb-1', whole))
    const id = await shop.publicId('fb-1')
    const response = await ask('all', { merchant_identifier: shop.identifier, id })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      summary: { meta: { count: 1, pages: 1, page_size: 20, current_page: 1 } },
      reviews: [
        {
          id,
          merchant: { identifier: shop.identifier },
          customer: { display_name: 'Priya', display_location: 'Leeds' },
          service: { rating: { min: 1, max: 5, rating: 2 }, title: 'Slow', review: 'Took nine days.' },
          products: [
            {
              product: { sku: 'LMP-7', title: 'Brass desk lamp' },
              rating: { min: 1, max: 5, rating: 5 },
              review: 'Lovely.',
            },
          ],
          temperature: 'red',
          comment: 'Still broken',
        },
      ],
    })
  })

  test('is the target of the link in a Review-link payload', async () => {
    const { feefo } = await import('../formats/feefo')
    const shop = await openShop()
    await shop.post(created('fb-1', whole))
    const { rows } = await database.pool.query('select data from events where account_id = $1', [shop.accountId])
    const context: RenderContext = {
      hubUrl: 'https://hub.test',
      encoding: 'json',
      accountId: shop.accountId,
      merchantIdentifier: shop.identifier,
      wootricToken: null,
      teamId: null,
    }
    const { id, url } = JSON.parse(feefo.render(JSON.parse(rows[0].data), context))
    const found = (await (await api(new Request(url))).json()) as Json
    expect(found.reviews.map((review) => review.id)).toEqual([id])
  })

  test.each([
    ['all', [...always, ...publicKeys.service, ...publicKeys.product, 'temperature', 'comment']],
    ['service', [...always, ...publicKeys.service]],
    ['product', [...always, ...publicKeys.product]],
  ])('of %s shows exactly the public fields', async (kind, expected) => {
    const shop = await openShop({ publishReviews: true })
    await shop.post(created('fb-1', whole, page))
    const parameters = { merchant_identifier: shop.identifier }
    const lookedUp = await read(kind, { ...parameters, id: await shop.publicId('fb-1') })
    expect(keysOf(lookedUp.reviews[0]).sort()).toEqual([...expected].sort())
    const listed = await read(kind, parameters)
    expect(listed.reviews).toEqual(lookedUp.reviews)
    const text = JSON.stringify(listed)
    for (const hidden of [
      'Shah',
      'priya@',
      '14155552671',
      'C-55',
      'A-1001',
      'fb-1"',
      '203.0.113.9',
      'Delivery',
      'T-1042',
    ])
      expect(text).not.toContain(hidden)
  })

  test('shows no name when the customer gave no display name', async () => {
    const shop = await openShop()
    await shop.post(created('fb-1', { service: { rating: 4 }, customer: { name: 'Priya Shah' } }))
    const { reviews } = await read('all', { merchant_identifier: shop.identifier, id: await shop.publicId('fb-1') })
    expect(reviews[0]).toMatchObject({ customer: { display_name: null, display_location: null } })
    expect(reviews[0]?.service).toEqual({ rating: { min: 1, max: 5, rating: 4 }, title: null, review: null })
  })

  test('returns the latest version of the feedback', async () => {
    const shop = await openShop()
    await shop.post(created('fb-1', { service: { rating: 2 } }))
    const parameters = { merchant_identifier: shop.identifier, id: await shop.publicId('fb-1') }
    await shop.post({ type: 'feedback.updated', feedback: { id: 'fb-1', service: { rating: 5 }, comment: 'Sorted' } })
    expect((await read('all', parameters)).reviews).toMatchObject([
      { service: { rating: { rating: 5 } }, comment: 'Sorted' },
    ])
    expect((await read('product', parameters)).reviews).toEqual([])
  })

  test('returns an empty list for an id that is unknown, deleted, the platform’s or another account’s', async () => {
    const [shop, other] = [await openShop(), await openShop()]
    await shop.post(created('fb-1', whole), created('fb-gone', whole))
    await other.post(created('fb-theirs', whole))
    const gone = await shop.publicId('fb-gone')
    await shop.post({ type: 'feedback.deleted', feedback: { id: 'fb-gone' } })
    const known = await shop.publicId('fb-1')
    const empty = { summary: { meta: { count: 0, pages: 0, page_size: 20, current_page: 1 } }, reviews: [] }
    for (const [identifier, id] of [
      [shop.identifier, showId('feedback', newRandomId())],
      [shop.identifier, gone],
      [shop.identifier, 'fb-1'],
      [shop.identifier, known.replace('fbk_', 'evt_')],
      [shop.identifier, await other.publicId('fb-theirs')],
      [other.identifier, known],
      ['no-such-shop', known],
    ] as const)
      expect(await read('all', { merchant_identifier: identifier, id })).toEqual(empty)
  })
})

describe('a list with a key', () => {
  test('shows every field', async () => {
    const shop = await openShop()
    await shop.post(created('fb-1', whole))
    const key = await shop.makeKey('read')
    const { reviews } = await read('all', { merchant_identifier: shop.identifier }, { key })
    expect(reviews).toEqual([
      {
        id: await shop.publicId('fb-1'),
        merchant: { identifier: shop.identifier },
        feedback_id: 'fb-1',
        version: 1,
        created_at: '2026-11-20T10:12:30.000Z',
        updated_at: '2026-11-20T10:12:30.000Z',
        source: { key: 'ticket-closed', name: 'Ticket closed', kind: 'email' },
        customer: {
          display_name: 'Priya',
          display_location: 'Leeds',
          name: 'Priya Shah',
          first_name: 'Priya',
          last_name: 'Shah',
          email: 'priya@example.net',
          phone: '14155552671',
          ref: 'C-55',
          company: 'Quay Ltd',
          country: 'GB',
          locale: 'en-GB',
        },
        order: { ref: 'A-1001' },
        campaign: { id: '412', name: 'March helpdesk', sent_at: '2026-11-20T09:00:00Z' },
        service: { rating: { min: 1, max: 5, rating: 2 }, title: 'Slow', review: 'Took nine days.' },
        products: [
          {
            product: { sku: 'LMP-7', title: 'Brass desk lamp' },
            rating: { min: 1, max: 5, rating: 5 },
            review: 'Lovely.',
          },
        ],
        temperature: 'red',
        comment: 'Still broken',
        nps: { rating: { min: 0, max: 10, rating: 6 }, reason: 'Delivery' },
        drivers: ['Speed'],
        answers: [{ type: 'Rating', title: 'Please rate us?', response: 3 }],
        tags: ['web'],
        custom: ['T-1042'],
        properties: { plan: 'Team' },
      },
    ])
  })

  test('of each kind holds the reviews that have this part, and shows only this part', async () => {
    const shop = await openShop()
    await shop.post(
      created('stars', { service: { rating: 1 } }),
      created('words', { service: { text: 'No stars given' } }),
      created('product', { products: [{ title: 'Lamp', text: 'Fine' }] }),
      created('nps', { nps: { score: 0 } }),
      created('comment', { comment: 'Hello' }),
    )
    const key = await shop.makeKey('read')
    const idsOf = async (kind: string) =>
      (await read(kind, { merchant_identifier: shop.identifier }, { key })).reviews
        .map((review) => review.feedback_id)
        .sort()
    expect(await idsOf('all')).toEqual(['comment', 'nps', 'product', 'stars', 'words'])
    expect(await idsOf('service')).toEqual(['stars', 'words'])
    expect(await idsOf('product')).toEqual(['product'])
    expect(await idsOf('nps')).toEqual(['nps'])
    await shop.post(created('both', whole))
    for (const [kind, part] of [
      ['service', 'service'],
      ['product', 'products'],
      ['nps', 'nps'],
    ] as const) {
      const { reviews } = await read(
        kind,
        { merchant_identifier: shop.identifier, id: await shop.publicId('both') },
        { key },
      )
      const parts = ['service', 'products', 'nps', 'comment', 'temperature', 'drivers', 'answers']
      expect(Object.keys(reviews[0] ?? {}).filter((name) => parts.includes(name))).toEqual([part])
    }
  })

  test('has pages, newest first, that hold every review once and count them right', async () => {
    const shop = await openShop()
    const at = (i: number) => new Date(Date.UTC(2026, 0, 1, 0, Math.floor(i / 3))).toISOString()
    const ids = Array.from({ length: 47 }, (_, i) => `fb-${String(i).padStart(2, '0')}`)
    await shop.post(...ids.map((id, i) => created(id, { service: { rating: 3 }, createdAt: at(i) })))
    await shop.post({ type: 'feedback.deleted', feedback: { id: 'fb-46' } })
    const key = await shop.makeKey('read')
    const seen: unknown[] = []
    const times: unknown[] = []
    for (const current of [1, 2, 3, 4, 5, 6]) {
      const parameters = { merchant_identifier: shop.identifier, page: current, page_size: 10 }
      const { summary, reviews } = await read('all', parameters, { key })
      expect(summary.meta).toEqual({ count: 46, pages: 5, page_size: 10, current_page: current })
      seen.push(...reviews.map((review) => review.feedback_id))
      times.push(...reviews.map((review) => review.created_at))
    }
    expect(seen.length).toBe(46)
    expect([...seen].sort()).toEqual(ids.slice(0, 46))
    expect(times).toEqual([...times].sort().reverse())
    const again = await read('all', { merchant_identifier: shop.identifier, page_size: 100 }, { key })
    expect(again.reviews.map((review) => review.feedback_id)).toEqual(seen)
  })

  test('can be filtered by since and rating', async () => {
    const shop = await openShop()
    await shop.post(
      created('old', { service: { rating: 5 }, createdAt: '2026-01-01T00:00:00Z' }),
      created('one', { service: { rating: 1 }, createdAt: '2026-02-01T00:00:00Z' }),
      created('mixed', { products: [{ rating: 2 }, { rating: 5 }], createdAt: '2026-03-01T00:00:00Z' }),
      created('nps', { nps: { score: 10 }, createdAt: '2026-04-01T00:00:00Z' }),
    )
    const key = await shop.makeKey('read')
    const idsOf = async (kind: string, parameters: Record<string, string>) => {
      const { summary, reviews } = await read(kind, { merchant_identifier: shop.identifier, ...parameters }, { key })
      expect(summary.meta.count).toBe(reviews.length)
      return reviews.map((review) => review.feedback_id)
    }
    expect(await idsOf('all', { since: '2026-02-01T00:00:00Z' })).toEqual(['nps', 'mixed', 'one'])
    expect(await idsOf('all', { since: '2026-02-01T01:00:00.001+01:00' })).toEqual(['nps', 'mixed'])
    expect(await idsOf('all', { since: '2026-03-02' })).toEqual(['nps'])
    expect(await idsOf('all', { since: '0000-01-01' })).toHaveLength(4)
    expect(await idsOf('all', { rating: '5' })).toEqual(['mixed', 'old'])
    expect(await idsOf('service', { rating: '1,5' })).toEqual(['one', 'old'])
    expect(await idsOf('product', { rating: '2' })).toEqual(['mixed'])
    expect(await idsOf('product', { rating: '3' })).toEqual([])
    expect(await idsOf('nps', { rating: '0' })).toEqual([])
    expect(await idsOf('nps', { rating: '9,10' })).toEqual(['nps'])
  })

  test('holds only reviews of the key’s account, and does not reveal which other accounts exist', async () => {
    const [shop, other] = [await openShop(), await openShop({ publishReviews: true })]
    await shop.post(created('mine', whole))
    await other.post(created('theirs', whole, page))
    const key = await shop.makeKey('read')
    const foreign = await ask('all', { merchant_identifier: other.identifier }, { key })
    const unknown = await ask('all', { merchant_identifier: 'no-such-shop' }, { key })
    expect([foreign.status, unknown.status]).toEqual([404, 404])
    expect(await foreign.json()).toEqual(await unknown.json())
    const { reviews } = await read('all', { merchant_identifier: shop.identifier }, { key })
    expect(reviews.map((review) => review.feedback_id)).toEqual(['mine'])
    const id = await other.publicId('theirs')
    expect((await read('all', { merchant_identifier: shop.identifier, id }, { key })).reviews).toEqual([])
  })

  test('is refused with 403 for a key without the scope, and with 401 for an unknown or revoked key', async () => {
    const shop = await openShop({ publishReviews: true })
    const parameters = { merchant_identifier: shop.identifier }
    expect((await ask('all', parameters, { key: await shop.makeKey('ingest', 'manage') })).status).toBe(403)
    const key = await shop.makeKey('read')
    expect((await ask('all', parameters, { key })).status).toBe(200)
    await database.pool.query('update api_keys set revoked_at = hub_now() where account_id = $1', [shop.accountId])
    for (const bad of [key, 'hb_unknown', '']) expect((await ask('all', parameters, { key: bad })).status).toBe(401)
  })
})

describe('a list without a key', () => {
  test('is refused alike for an account that does not publish its reviews and for an unknown account', async () => {
    const shop = await openShop()
    await shop.post(created('fb-1', whole, page))
    const off = await ask('all', { merchant_identifier: shop.identifier })
    const unknown = await ask('all', { merchant_identifier: 'no-such-shop' })
    expect([off.status, unknown.status]).toEqual([401, 401])
    expect(off.headers.get('content-type')).toBe('application/problem+json')
    expect(off.headers.get('www-authenticate')).toBe('Bearer')
    expect(await off.json()).toEqual(await unknown.json())
  })

  test('holds only feedback of review pages that has a public part', async () => {
    const [shop, other] = [await openShop({ publishReviews: true }), await openShop({ publishReviews: true })]
    await shop.post(
      created('public', whole, page),
      created('commented', { comment: 'Hi' }, page),
      created('nps-only', { nps: { score: 3 } }, page),
      created('answers-only', { answers: [{ type: 'a', title: 'b', response: 'c' }] }, page),
      created('mailed', whole),
      created('by-default', whole, { key: 'default' }),
    )
    await other.post(created('theirs', whole, page))
    const { summary, reviews } = await read('all', { merchant_identifier: shop.identifier })
    expect(summary.meta.count).toBe(2)
    const ids = [await shop.publicId('public'), await shop.publicId('commented')]
    expect(reviews.map((review) => review.id).sort()).toEqual(ids.sort())
    const service = await read('service', { merchant_identifier: shop.identifier })
    expect(service.reviews.map((review) => review.id)).toEqual([await shop.publicId('public')])
  })

  test('never shows NPS, nor does a look-up', async () => {
    const shop = await openShop({ publishReviews: true })
    await shop.post(created('fb-1', whole, page))
    const parameters = { merchant_identifier: shop.identifier }
    expect((await ask('nps', parameters)).status).toBe(401)
    expect((await ask('nps', { ...parameters, id: await shop.publicId('fb-1') })).status).toBe(401)
  })
})

describe('the Reviews API', () => {
  test.each([
    ['merchant_identifier', {}],
    ['merchant_identifier', { merchant_identifier: '' }],
    ['merchant_identifier', { merchant_identifier: 'a\0b' }],
    ['id', { id: '' }],
    ['page', { page: '0' }],
    ['page', { page: '-1' }],
    ['page', { page: '1.5' }],
    ['page', { page: '1e2' }],
    ['page', { page: '100001' }],
    ['page_size', { page_size: '101' }],
    ['page_size', { page_size: '0' }],
    ['page_size', { page_size: '' }],
    ['since', { since: 'yesterday' }],
    ['since', { since: '2026-02-30' }],
    ['rating', { rating: '6' }],
    ['rating', { rating: '0' }],
    ['rating', { rating: '1,,2' }],
  ])('names the bad parameter %s: %o', async (parameter, given) => {
    const complete = parameter === 'merchant_identifier' ? given : { merchant_identifier: 'no-such-shop', ...given }
    const response = await ask('all', complete as Record<string, string>)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const body = (await response.json()) as { detail: string; errors: { parameter: string }[] }
    expect(body.errors.map((error) => error.parameter)).toEqual([parameter])
    expect(body.detail).toContain(parameter)
  })

  test('refuses a repeated parameter and ignores an unknown one', async () => {
    const url = 'https://hub.test/api/v1/reviews/all?merchant_identifier=none&id=x'
    expect((await api(new Request(`${url}&id=y`))).status).toBe(400)
    expect((await api(new Request(`${url}&full_thread=include`))).status).toBe(200)
  })

  test('answers 405 for another method, and 404 for another kind', async () => {
    const shop = await openShop()
    const parameters = { merchant_identifier: shop.identifier, id: 'x' }
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await ask('all', parameters, { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET')
    }
    for (const kind of ['', 'ALL', 'alles', 'all/', 'all/1', '%61ll'])
      expect((await ask(kind, parameters)).status).toBe(404)
  })
})

test('each address has its own rate limit, and may call again after Retry-After', async () => {
  let time = 0
  const limited = openReviewsApi({ db: database.pool, log, clock: () => time })
  const from = (address: string) =>
    limited(
      new Request('https://hub.test/api/v1/reviews/all?merchant_identifier=none&id=x', {
        headers: { [CLIENT_ADDRESS_HEADER]: address },
      }),
    )
  for (let i = 0; i < reviewsRate.burst; i++) expect((await from('2001:db8::1')).status).toBe(200)
  const refused = await from('2001:db8::2')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  expect(refused.headers.get('retry-after')).toBe('1')
  expect((await from('2001:db8:0:1::1')).status).toBe(200)
  expect((await from('203.0.113.5')).status).toBe(200)
  time += 1000
  expect((await from('2001:db8::1')).status).toBe(200)
})

test('lists without a key have a lower rate limit than look-ups', async () => {
  const shop = await openShop({ publishReviews: true })
  const limited = openReviewsApi({ db: database.pool, log, clock: () => 0 })
  const key = await shop.makeKey('read')
  const list = async (query = '', headers: Record<string, string> = {}) =>
    (
      await limited(
        new Request(`https://hub.test/api/v1/reviews/all?merchant_identifier=${shop.identifier}${query}`, { headers }),
      )
    ).status
  for (let i = 0; i < publishedListRate.burst; i++) expect(await list()).toBe(200)
  expect(await list()).toBe(429)
  expect(await list('&id=x')).toBe(200)
  expect(await list('', { authorization: `Bearer ${key}` })).toBe(200)
})

test('the answer is 503 while the database is unreachable', async () => {
  const gone = await createTestDatabase()
  const broken = openReviewsApi({ db: gone.pool, log })
  await gone.drop()
  const response = await broken(new Request('https://hub.test/api/v1/reviews/all?merchant_identifier=none&id=x'))
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
})
