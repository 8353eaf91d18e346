import type pg from 'pg'
import type { Feedback } from '../events/event-schema'
import type { SourceKind } from '../events/event-types'
import type { ReviewKind } from './reviews-query'

/** A stored feedback, read for the Reviews API. */
export type StoredReview = {
  id: string
  externalId: string
  version: number
  feedback: Feedback & { createdAt: string; updatedAt: string }
  source: { key: string; name: string; kind: SourceKind } | null
}

export type ReviewsWanted = {
  kind: ReviewKind
  id?: string
  since?: Date
  ratings?: number[]
  /** Only feedback of review pages, and only with a part that is public. */
  publishedOnly: boolean
  page: number
  pageSize: number
}

// Parts without a column are read from the JSON text. The columns decide first, so that few rows are parsed.
const data = `nullif(f.data, '')::jsonb`
const service = `(f.service_rating is not null or ${data} ? 'service')`
const product = 'f.product_ratings is not null'
const hasPart: Record<ReviewKind, string> = { all: 'true', service, product, nps: 'f.nps_score is not null' }
const published = `s.kind = 'review_page' and (${service} or ${product} or ${data} ?| '{temperature,comment}')`

const rated = (kind: ReviewKind, ratings: string) => {
  const byKind = {
    service: `f.service_rating = any(${ratings}::int[])`,
    product: `f.product_ratings && ${ratings}::smallint[]`,
    nps: `f.nps_score = any(${ratings}::int[])`,
  }
  return kind === 'all' ? `(${byKind.service} or ${byKind.product})` : byKind[kind]
}

/** One page of an account's reviews, newest first, and their total, both from one snapshot. */
export async function findReviews(
  db: pg.Pool,
  accountId: string,
  { kind, id, since, ratings, publishedOnly, page, pageSize }: ReviewsWanted,
): Promise<{ count: number; reviews: StoredReview[] }> {
  const values: unknown[] = []
  const value = (given: unknown) => `$${values.push(given)}`
  const conditions = [`f.account_id = ${value(accountId)}`, 'f.deleted_at is null', `f.data <> ''`, hasPart[kind]]
  if (id) conditions.push(`f.id = ${value(id)}`)
  if (since) conditions.push(`f.created_at >= ${value(since)}`)
  if (ratings) conditions.push(rated(kind, value(ratings)))
  if (publishedOnly) conditions.push(published)
  const found = `from feedback f left join sources s on s.account_id = f.account_id and s.id = f.source_id
    where ${conditions.join(' and ')}`
  const { rows } = await db.query({
    text: `
      select total.count, review.* from (select count(*)::int as count ${found}) total
      left join lateral (
        select f.id, f.external_id, f.version, f.data, f.created_at, s.key, s.name, s.kind ${found}
        order by f.created_at desc, f.id desc limit ${value(pageSize)} offset ${value((page - 1) * pageSize)}
      ) review on true
      order by review.created_at desc, review.id desc`,
    values,
  })
  const reviews = rows.flatMap(({ id, external_id, version, data, key, name, kind }) =>
    id === null
      ? []
      : { id, externalId: external_id, version, feedback: JSON.parse(data), source: key && { key, name, kind } },
  )
  return { count: rows[0].count, reviews }
}
