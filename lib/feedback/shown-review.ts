import { showId } from '../type-id'
import type { StoredReview } from './reviews'
import type { ReviewKind } from './reviews-query'

// The shape of one review in the Reviews API. `publicParts` is all that is shown without a key.

type ShownTo = { merchantIdentifier: string; kind: ReviewKind; withKey: boolean }

/** A review as JSON: the parts that `kind` asks for, and every other field only with the account's key. */
export function shownReview(review: StoredReview, { merchantIdentifier, kind, withKey }: ShownTo) {
  return {
    id: showId('feedback', review.id),
    merchant: { identifier: merchantIdentifier },
    ...(withKey ? wholeReview(review, kind) : publicParts(review, kind)),
  }
}

const publicParts = (review: StoredReview, kind: ReviewKind) => ({
  customer: publicCustomer(review),
  ...ratedParts(review, kind),
})

const publicCustomer = ({ feedback: { customer } }: StoredReview) => ({
  display_name: customer?.displayName ?? null,
  display_location: customer?.location ?? null,
})

const rating = (min: number, max: number, given: number | undefined) =>
  given === undefined ? null : { min, max, rating: given }

/** Ratings and texts. A part that the customer did not give is absent. */
function ratedParts({ feedback: { service, products, temperature, comment } }: StoredReview, kind: ReviewKind) {
  const wants = (part: ReviewKind) => kind === 'all' || kind === part
  return {
    ...(service && wants('service') && { service: { rating: rating(1, 5, service.rating), ...texts(service) } }),
    ...(products &&
      wants('product') && {
        products: products.map((product) => ({
          product: { sku: product.sku ?? null, title: product.title ?? null },
          rating: rating(1, 5, product.rating),
          review: product.text ?? null,
        })),
      }),
    ...(kind === 'all' && { ...(temperature && { temperature }), ...(comment !== undefined && { comment }) }),
  }
}

const texts = ({ title = null, text = null }: { title?: string | null; text?: string | null }) => ({
  title,
  review: text,
})

function wholeReview(review: StoredReview, kind: ReviewKind) {
  const { feedback, source, externalId, version } = review
  const { customer, campaign, nps, order } = feedback
  return {
    feedback_id: externalId,
    version,
    created_at: feedback.createdAt,
    updated_at: feedback.updatedAt,
    source,
    customer: {
      ...publicCustomer(review),
      name: customer?.name ?? null,
      first_name: customer?.firstName ?? null,
      last_name: customer?.lastName ?? null,
      email: customer?.email ?? null,
      phone: customer?.phone ?? null,
      ref: customer?.externalId ?? null,
      company: customer?.company ?? null,
      country: customer?.country ?? null,
      locale: customer?.locale ?? null,
    },
    order: { ref: order?.ref ?? null },
    campaign: campaign && { id: campaign.id ?? null, name: campaign.name ?? null, sent_at: campaign.sentAt ?? null },
    ...ratedParts(review, kind),
    ...(nps &&
      kind !== 'service' &&
      kind !== 'product' && { nps: { rating: rating(0, 10, nps.score), reason: nps.reason ?? null } }),
    ...(kind === 'all' && { drivers: feedback.drivers, answers: feedback.answers }),
    tags: feedback.tags ?? [],
    custom: feedback.custom ?? [],
    properties: feedback.properties ?? {},
  }
}
