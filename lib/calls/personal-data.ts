import type { Encoding } from '../formats/format'

// Personal data in the body of a call, masked for a person who has no account: the developer to whom a call is handed
// over. Every text and every number below a person is masked but the values of names that are known to tell nothing of
// one. So a field that is new is masked. Pure.

export const personalMask = '•••'

/** Names of values that say how a body is built: kinds, times, ratings, ids of things. */
const told =
  /^(type|event|event_name|tag|survey_mode|kind|status|channel|temperature|language|locale|version|timestamp|date|at|\w+_(date|at|id)|\w+(At|Id)|key)$/
/** Names that `told` takes in and that are those of a person, of a review or of an account at its vendor. */
const untold = /^(reviewId|external_id|externalId|end_user_id)$/
/** Everything below these names is of a person. */
const ofAPerson = /^(customer|properties|end_user_properties|request|order|custom(_\d+)?|ip_address|phone|email)$/
/** A larger number may be a telephone number. */
const numberAtMost = 1_000_000

type Masked = {
  text: string
  /** What was masked, longest first: an answer may repeat it. */
  values: string[]
}

/**
 * A body with personal data masked; one that is not as its encoding says is masked whole. `opensReview`: its `id` is the
 * random one that opens the review.
 */
export function maskPersonal(body: string, encoding: Encoding, { opensReview }: { opensReview: boolean }): Masked {
  const values = new Set<string>()
  const hide = (value: unknown) => {
    const text = String(value)
    if (text.trim().length > 0) values.add(text)
    return personalMask
  }
  const shows = (name: string, value: unknown) =>
    (told.test(name) && !untold.test(name)) || (name === 'id' && !opensReview) || isSmallNumber(value)
  const judge: Judge = (name, value, person) => (!person && shows(name, value) ? value : hide(value))
  const text = encoding === 'json' ? maskJson(body, judge) : maskForm(body, judge)
  if (text === undefined) return { text: 'This body can’t be shown without personal data.', values: [body] }
  return { text, values: [...values].sort((a, b) => b.length - a.length) }
}

type Judge = (name: string, value: unknown, person: boolean) => unknown

function maskJson(body: string, judge: Judge): string | undefined {
  const walk = (value: unknown, name: string, person: boolean): unknown => {
    if (value === null || typeof value === 'boolean') return value
    if (Array.isArray(value)) return value.map((each) => walk(each, name, person))
    if (typeof value !== 'object') return judge(name, value, person)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, walk(each, key, person || ofAPerson.test(key))]),
    )
  }
  try {
    return JSON.stringify(walk(JSON.parse(body), '', false))
  } catch {
    return undefined
  }
}

function maskForm(body: string, judge: Judge): string {
  return body
    .split('&')
    .map((field) => {
      const [key = '', value = ''] = field.split(/=(.*)/s).map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
      const path = key.split(/[[\]]+/).filter(Boolean)
      const shown = judge(
        path.at(-1) ?? '',
        value,
        path.some((name) => ofAPerson.test(name)),
      )
      return value === '' || shown === value ? field : `${field.split('=', 1)[0]}=${shown}`
    })
    .join('&')
}

/** A form has numbers and booleans as text. */
const isSmallNumber = (value: unknown) =>
  typeof value === 'number'
    ? Math.abs(value) < numberAtMost
    : typeof value === 'string' && /^(-?\d{1,6}(\.\d+)?|true|false)$/.test(value)

const mail = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g
const phone = /\+\d[\d ()-]{6,}\d/g
/** A shorter value occurs by chance. */
const soughtFromLength = 3

/** A text with these values masked wherever they occur, as they are or inside a JSON string, and all e-mail addresses and phone numbers. */
export function maskRepeated(text: string, values: readonly string[]): string {
  let masked = text
  for (const value of values) {
    if (value.length < soughtFromLength) continue
    for (const form of new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]))
      masked = masked.replaceAll(form, personalMask)
  }
  return masked.replace(mail, personalMask).replace(phone, personalMask)
}
