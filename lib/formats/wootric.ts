import type { EventRecord, FeedbackRecord } from '../events/event-record'
import type { Customer, Decline, Feedback } from '../events/event-schema'
import { formBody } from './form-body'
import type { Encoding, Format, RenderContext } from './format'
import { integerId } from './integer-id'
import { hex, textKey, textSecret } from './text-secret'

/** The response or decline of Wootric's “Outgoing Webhooks”, as JSON or URL-encoded, with `X-Wootric-Signature`. */
export const wootric: Format = {
  key: 'wootric',
  label: 'Wootric',
  purpose: 'For receivers made for Wootric.',
  summary: 'A survey response or decline as JSON or form fields, as Wootric sends it.',
  offers: [
    { type: 'feedback.created', ticked: true },
    { type: 'feedback.updated', ticked: true },
    { type: 'survey.declined', ticked: true },
  ],
  conditions: ['any', 'service', 'product', 'nps'],
  plainHttp: true,
  retries: 9,
  secret: textSecret('32 hexadecimal digits', (bytes) => hex(bytes.slice(0, 16))),
  signatures: 'one',
  encodings: ['json', 'form'],
  eventsFixed: false,
  lacks: ({ feedback }) => (feedback && score(feedback) === undefined ? 'no-score' : undefined),
  render(event, context) {
    const body = {
      ...(event.feedback ? { response: response(event, context) } : { decline: decline(event, context) }),
      event_name: event.type === 'feedback.updated' ? 'updated' : 'created',
      timestamp: time(event.triggeredAt, context.encoding),
      account_token: context.wootricToken ?? `NPS-${context.accountId.slice(0, 8)}`,
      survey_mode: event.feedback && !event.feedback.nps ? 'CSAT' : 'NPS',
    }
    return context.encoding === 'form' ? formBody(body) : JSON.stringify(body)
  },
  sign({ body, secrets }) {
    const digest = secrets[0]?.hmac('sha1', textKey, body, 'hex')
    return digest === undefined ? null : `sha1=${digest}`
  },
  headers: ({ signature }) => (signature === null ? [] : ['x-wootric-signature', signature]),
}

const score = ({ nps, service }: Feedback) => nps?.score ?? service?.rating

function response(event: EventRecord, context: RenderContext) {
  const feedback = event.feedback as FeedbackRecord
  const person = endUser(feedback, feedback.publicId, context)
  return {
    id: feedback.number,
    email: person.email,
    external_id: person.external_id,
    score: score(feedback) ?? null,
    text: feedback.nps?.reason ?? feedback.comment ?? feedback.service?.text ?? null,
    ...sharedFields(event, feedback, person, context),
    excluded_from_calculations: feedback.excludedFromCalculations ?? false,
  }
}

function decline(event: EventRecord, context: RenderContext) {
  const own = event.decline as Decline
  const person = endUser(own, own.id, context)
  return {
    id: event.number,
    email: person.email,
    external_id: person.external_id,
    ...sharedFields(event, own, person, context),
  }
}

/** The fields that a response and a decline share, in the vendor's order. */
function sharedFields(
  { source, occurredAt }: EventRecord,
  { request, properties, createdAt = occurredAt, updatedAt = createdAt }: Feedback | Decline,
  { id }: ReturnType<typeof endUser>,
  { encoding }: RenderContext,
) {
  return {
    ip_address: request?.ip ?? null,
    origin_url: request?.originUrl ?? null,
    end_user_id: id,
    end_user_properties: properties ?? {},
    survey_id: source.vendorIds.wootricSurveyId ?? source.number,
    created_at: time(createdAt, encoding),
    updated_at: time(updatedAt, encoding),
  }
}

/** The customer who answered or declined. */
function endUser({ customer = {} }: Feedback | Decline, ownId: string, { accountId }: RenderContext) {
  const { email = null, externalId = null } = customer
  return { id: integerId(`${accountId} ${identity(customer, ownId)}`), email, external_id: externalId }
}

/** What identifies a customer. Without e-mail, external id and phone, each feedback is a customer of its own. */
function identity({ email, externalId, phone }: Customer, ownId: string): string {
  if (email) return `email ${email.trim().toLowerCase()}`
  if (externalId) return `external-id ${externalId}`
  return phone ? `phone ${phone}` : `nobody ${ownId}`
}

/** `2026-11-20T10:12:30.000+00:00`, in form fields `2026-11-20 10:12:30 +0000`. */
function time(text: string, encoding: Encoding): string {
  const utc = new Date(text).toISOString()
  return encoding === 'form' ? `${utc.slice(0, 10)} ${utc.slice(11, 19)} +0000` : utc.replace('Z', '+00:00')
}
