import type { FeedbackRecord } from '../events/event-record'
import type { Customer, Feedback } from '../events/event-schema'
import type { Temperature } from '../webhooks/thermometer'
import type { Format } from './format'
import { integerId } from './integer-id'
import { hex, textKey, textSecret } from './text-secret'

// The response of Customer Thermometer's “Webhooks”: one flat object, signed together with the Date header.

// The icons are public/images/temperatures/*.png, which Next serves to everyone. They are PNG: e-mail programs show no SVG.

const temperatureIds: Record<Temperature, number> = { gold: 1, green: 2, yellow: 3, red: 4 }
const customKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'].map((n) => `custom_${n}`)

/** Calls for a response's temperature and comment, signed with `X-Ct-Hmac-Sha256`. */
export const customerThermometer: Format = {
  key: 'customer-thermometer',
  label: 'Customer Thermometer',
  purpose: 'For receivers made for Customer Thermometer.',
  summary: 'One flat JSON object of a response, as Customer Thermometer sends it.',
  offers: [
    { type: 'feedback.created', ticked: true },
    { type: 'feedback.updated', ticked: true },
  ],
  conditions: ['thermometer'],
  plainHttp: true,
  retries: 9,
  secret: textSecret('64 hexadecimal digits', hex),
  signatures: 'one',
  encodings: ['json'],
  eventsFixed: true,
  lacks: ({ feedback }) => (feedback?.temperature ? undefined : 'no-temperature'),
  render(event, { hubUrl, accountId }) {
    const feedback = event.feedback as FeedbackRecord
    const temperature = feedback.temperature as Temperature
    const { customer = {}, request = {}, custom = [] } = feedback
    const response = temperature.charAt(0).toUpperCase() + temperature.slice(1)
    return JSON.stringify({
      event_id: event.number,
      ...blast(feedback, accountId),
      thermometer_name: event.source.name,
      thermometer_id: event.source.vendorIds.thermometerId ?? event.source.number,
      response_id: feedback.number,
      response,
      temperature_id: temperatureIds[temperature],
      response_date: feedback.createdAt,
      response_delay: minutesSince(feedback.campaign?.sentAt, feedback.createdAt),
      response_icon: `<img src="${hubUrl}/images/temperatures/${temperature}.png" alt="${response}" width="24" height="24">`,
      recipient: customer.email ?? null,
      ...names(customer),
      company: customer.company ?? null,
      comment: feedback.comment ?? null,
      ...Object.fromEntries(customKeys.map((key, i) => [key, custom[i] ?? ''])),
      ip_address: request.ip ?? null,
      country: customer.country ?? null,
      user_agent: request.userAgent ?? null,
      drivers: feedback.drivers ?? [],
    })
  },
  sign: ({ timestamp, body, secrets }) =>
    secrets[0]?.hmac('sha256', textKey, `Date: ${dateLine(timestamp)}\n${body}`) ?? null,
  headers: ({ timestamp, signature }) => [
    'date',
    dateLine(timestamp),
    ...(signature === null ? [] : ['x-ct-hmac-sha256', signature]),
  ],
}

/** The Date header's value (RFC 9110, 5.6.7). */
const dateLine = (timestamp: number) => new Date(timestamp * 1000).toUTCString()

function blast({ campaign }: Feedback, accountId: string) {
  const id = campaign?.id
  return {
    blast_name: campaign?.name ?? null,
    blast_id: id === undefined ? null : (ownInteger(id) ?? integerId(`${accountId} campaign ${id}`)),
    blast_date: campaign?.sentAt ? new Date(campaign.sentAt).toISOString() : null,
  }
}

/** The number of an id that is an integer; undefined for any other id. */
function ownInteger(id: string): number | undefined {
  const number = Number(id)
  return Number.isSafeInteger(number) && String(number) === id ? number : undefined
}

/** Whole minutes between two ISO times, at least 0: the clocks may differ. Null without `sentAt`. */
function minutesSince(sentAt: string | undefined, respondedAt: string): number | null {
  if (sentAt === undefined) return null
  return Math.max(0, Math.floor((Date.parse(respondedAt) - Date.parse(sentAt)) / 60_000))
}

/** First and last name. A missing one is taken from the full name, split at its last space. */
function names({ firstName, lastName, name = '' }: Customer) {
  const words = name.trim().split(/\s+/)
  const last = words.length > 1 ? words.pop() : ''
  return { first_name: firstName ?? words.join(' '), last_name: lastName ?? last }
}
