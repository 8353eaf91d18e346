import { type EventType, eventTypes } from '../events/event-types'
import { type Encoding, encodings, type FormatKey, formatKeys } from '../formats/format'
import { formats } from '../formats/formats'
import { isMask, isPlainText, notMask, notPlainText } from '../plain-text'
import * as z from '../zod'
import { customHeadersSchema, isAuthorization, refuseHeaderValue } from './header-schema'
import { nameSchema } from './name-schema'
import { onlyIfListSchema } from './only-if-schema'
import { thermometerBoxes } from './thermometer'
import { type UrlPolicy, urlSchema } from './url-schema'

// The schema of a webhook, used by the form in the browser and the action on the server.

const numbersIn = (from: number, to: number, message: string) =>
  z
    .array(z.number().int().min(from).max(to))
    .min(1, message)
    // Not a transform, of whose answer no JSON Schema could be made.
    .overwrite((numbers) => [...new Set(numbers)].sort((a, b) => a - b))

export const conditionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('any') }),
  z.object({ kind: z.literal('service'), ratings: numbersIn(1, 5, 'Choose at least one service rating.') }),
  z.object({ kind: z.literal('product'), ratings: numbersIn(1, 5, 'Choose at least one product rating.') }),
  z.object({ kind: z.literal('nps'), scores: numbersIn(0, 10, 'Choose at least one NPS score.') }),
  z.object({
    kind: z.literal('thermometer'),
    boxes: z
      .array(z.enum(thermometerBoxes))
      .min(1, 'Tick at least one box of the thermometer table.')
      .overwrite((boxes) => thermometerBoxes.filter((box) => boxes.includes(box))),
  }),
])
export type Condition = z.infer<typeof conditionSchema>

/** Which events of which ratings a webhook wants. */
export type Rule = { events: EventType[]; condition: Condition }

/** What a call sends as Authorization: the account's key whenever one is set, or one of the others in its place. */
export const authentications = ['account-key', 'basic', 'own-header', 'none'] as const
export type Authentication = (typeof authentications)[number]

/** Which answers are a success. A redirect is never followed. */
export const successes = ['2xx', '2xx-3xx'] as const
export type Success = (typeof successes)[number]

/** The account's and the operator's settings that the form depends on. */
export type WebhookFormContext = {
  npsEnabled: boolean
  accountKeySet: boolean
  urlPolicy: UrlPolicy
  /** What the operator limits the account to. Absent: every format. */
  formats?: FormatKey[]
  /** Only for an edit: what is stored. Format and encoding are fixed, and stored secrets may be kept. */
  stored?: { format: FormatKey; encoding: Encoding; npsCondition: boolean; basicPassword: boolean; ownHeader?: boolean }
}

/** The choice of sources: all, or chosen ones. */
export const formSourcesSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({
    kind: z.literal('chosen'),
    ids: z.array(z.uuid()).min(1, 'Choose at least one source, or listen to all of them.'),
  }),
])

const wholeNumber = (from: number, to: number, what: string) =>
  z
    .number(`Enter ${what} as a whole number from ${from} to ${to}.`)
    .int(`Enter ${what} as a whole number from ${from} to ${to}.`)
    .min(from, `${what[0]?.toUpperCase()}${what.slice(1)} can't be below ${from}.`)
    .max(to, `${what[0]?.toUpperCase()}${what.slice(1)} can't be above ${to}.`)

/** The fields of a webhook, each as it is entered. The form and the API say which may be left out. */
export const webhookFields = {
  name: nameSchema,
  events: z.array(z.enum(eventTypes)).min(1, 'Choose when the WebHook is called: tick at least one.'),
  condition: conditionSchema,
  onlyIf: onlyIfListSchema,
  url: z.string().trim(),
  format: z.enum(formatKeys),
  encoding: z.enum(encodings),
  authentication: z.enum(authentications),
  basicUser: z.string(),
  /** Empty on an edit: the stored one is kept. */
  basicPassword: z.string(),
  /** The value of an own Authorization header. Empty on an edit: the stored one is kept. */
  ownHeader: z.string(),
  /** The signing secret, generated or entered. Read only when the webhook is registered. */
  secret: z.string(),
  retries: wholeNumber(0, 9, 'the number of retries'),
  /** Calls a minute at most; null: no limit. */
  ratePerMinute: wholeNumber(1, 60_000, 'the rate limit').nullable(),
  timeoutSeconds: wholeNumber(1, 30, 'the timeout in seconds'),
  success: z.enum(successes),
}

const { onlyIf, encoding, basicUser, basicPassword, ownHeader, secret, ratePerMinute, success } = webhookFields
const formSchema = z.object({
  ...webhookFields,
  onlyIf: onlyIf.default([]),
  encoding: encoding.default('json'),
  sources: formSourcesSchema.default({ kind: 'all' }),
  basicUser: basicUser.default(''),
  basicPassword: basicPassword.default(''),
  ownHeader: ownHeader.default(''),
  secret: secret.default(''),
  ratePerMinute: ratePerMinute.default(null),
  success: success.default('2xx'),
  headers: customHeadersSchema,
})

/** The schema of the webhook form in its context. Messages are for merchants and belong to a field. */
export const webhookFormSchema = (context: WebhookFormContext) =>
  formSchema
    .superRefine((form, issues) => {
      const refuse = (path: (string | number)[], message: string) => issues.addIssue({ code: 'custom', path, message })
      const format = formats[form.format]
      const url = urlSchema(format.plainHttp, context.urlPolicy).safeParse(form.url)
      if (!url.success) refuse(['url'], url.error.issues[0]?.message ?? '')
      if (context.stored && form.format !== context.stored.format)
        refuse(['format'], 'The format is kept once a WebHook is saved. Register another WebHook for another format.')
      if (!context.stored && context.formats?.includes(form.format) === false)
        refuse(['format'], `${format.label} is not offered to this account. Choose another format.`)
      for (const type of form.events)
        if (!format.offers.some((offer) => offer.type === type))
          refuse(['events'], `${format.label} does not send "${type}". Take it out or choose another format.`)
      if (!format.encodings.includes(form.encoding))
        refuse(['encoding'], `${format.label} is not sent in this encoding.`)
      if (context.stored && form.encoding !== context.stored.encoding)
        refuse(['encoding'], 'The encoding is kept once a WebHook is saved. Register another WebHook for another one.')
      if (!format.conditions.includes(form.condition.kind))
        refuse(['condition'], `${format.label} does not offer this condition.`)
      if (form.condition.kind === 'nps' && !context.npsEnabled && !context.stored?.npsCondition)
        refuse(['condition'], 'NPS is switched off for this account. Switch it on under Settings › Account first.')
      if (form.authentication === 'basic') refuseBasic(form, context, refuse)
      if (form.authentication === 'own-header') refuseOwnHeader(form.ownHeader, context, refuse)
      if (!context.stored && format.secret) {
        const message = format.secret.refuse(form.secret)
        if (message) refuse(['secret'], message)
      }
      form.headers.forEach(({ name }, i) => {
        if (isAuthorization(name))
          refuse(['headers', i, 'name'], 'Enter Authorization above, under Authentication, as “Own header”.')
      })
    })
    // The thermometer table replaces When. It needs both events: a rating comes first, a comment may follow.
    .transform((form) => (form.condition.kind === 'thermometer' ? { ...form, events: thermometerEvents } : form))

/** The events of every thermometer condition. */
export const thermometerEvents: EventType[] = ['feedback.created', 'feedback.updated']

function refuseBasic(
  form: { basicUser: string; basicPassword: string },
  context: WebhookFormContext,
  refuse: (path: string[], message: string) => void,
) {
  if (form.basicUser === '') refuse(['basicUser'], 'Enter the user name that your endpoint expects.')
  else if (form.basicUser.includes(':')) refuse(['basicUser'], 'A Basic user name can’t contain a colon.')
  else if (form.basicUser.length > 255) refuse(['basicUser'], 'Use at most 255 characters.')
  else if (!isPlainText(form.basicUser)) refuse(['basicUser'], notPlainText)
  if (form.basicPassword === '') {
    if (!context.stored?.basicPassword) refuse(['basicPassword'], 'Enter the password that your endpoint expects.')
  } else if (form.basicPassword.length > 255) refuse(['basicPassword'], 'Use at most 255 characters.')
  else if (!isPlainText(form.basicPassword)) refuse(['basicPassword'], notPlainText)
  else if (isMask(form.basicPassword)) refuse(['basicPassword'], notMask)
}

function refuseOwnHeader(
  value: string,
  context: WebhookFormContext,
  refuse: (path: string[], message: string) => void,
) {
  if (value === '') {
    if (!context.stored?.ownHeader) refuse(['ownHeader'], 'Enter the value that your endpoint expects.')
    return
  }
  const message = refuseHeaderValue(value) ?? (isMask(value) ? notMask : undefined)
  if (message) refuse(['ownHeader'], message)
}

/** The form's values while it is edited. */
export type WebhookFormInput = z.input<typeof formSchema>
/** The form's values after parsing. */
export type WebhookForm = z.output<typeof formSchema>

/** The pre-shared key: 6–255 printable ASCII characters, no space at either end (Feefo, “WebHooks”; RFC 9110, 5.5). */
export const preSharedKeySchema = z.object({
  key: z.string().superRefine((key, issues) => {
    const refuse = (message: string) => issues.addIssue({ code: 'custom', message })
    if (key.length < 6) refuse(`Use at least 6 characters${key ? `; this key has ${key.length}` : ''}.`)
    else if (key.length > 255) refuse(`Use at most 255 characters; this key has ${key.length}.`)
    else if (key !== key.trim()) refuse('Remove the space at the beginning or end: an HTTP header would lose it.')
    else if (!/^[\x20-\x7e]+$/.test(key))
      refuse(
        'Use letters, digits and signs of a plain keyboard: an HTTP header carries no accents, emoji or line breaks.',
      )
  }),
})
export type PreSharedKeyForm = z.infer<typeof preSharedKeySchema>
