import * as z from '../zod'

// Values that become HTTP headers. The form refuses any that HTTP would change or refuse (RFC 9110, 5.5).

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const reserved = new Set([
  'host',
  'connection',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'date',
  'user-agent',
  'x-webhook-id',
  'proxy-authorization',
  'proxy-connection',
])
const reservedPrefix = /^(content-|webhook-|hearback-|x-ct-|x-wootric-|x-rateup-)/

const printable = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/

/** Whether a header carries this text unchanged: printable ASCII with no space at either end. */
export const headerSafe = (text: string): boolean => printable.test(text)

/** Why a header can't have this value, or undefined. */
export function refuseHeaderValue(value: string): string | undefined {
  if (value.length > 2048) return 'Use at most 2,048 characters.'
  if (!headerSafe(value))
    return 'Use plain letters, digits and signs, with no space at either end: an HTTP header carries nothing else.'
  return undefined
}

/** Whether this is the name of the header that the choice of authentication sets. */
export const isAuthorization = (name: string): boolean => name.toLowerCase() === 'authorization'

/** Up to 10 custom headers. An empty value of a `kept` header keeps the stored value. */
export const customHeadersSchema = z
  .array(z.object({ name: z.string().trim(), value: z.string(), kept: z.boolean().default(false) }))
  .max(10, 'Use at most 10 custom headers.')
  .superRefine((headers, issues) => {
    const seen = new Set<string>()
    headers.forEach(({ name, value, kept }, i) => {
      const lower = name.toLowerCase()
      const refuse = (field: 'name' | 'value', message: string) =>
        issues.addIssue({ code: 'custom', path: [i, field], message })
      if (name === '') refuse('name', 'Give the header a name, or remove the line.')
      else if (name.length > 100) refuse('name', 'Use at most 100 characters.')
      else if (!token.test(name)) refuse('name', 'A header name has letters, digits and hyphens only, such as X-Shop.')
      else if (reserved.has(lower) || reservedPrefix.test(lower))
        refuse('name', `Hearback sets "${name}" itself. Choose another name.`)
      else if (seen.has(lower)) refuse('name', `"${name}" is there already. Names are compared without case.`)
      seen.add(lower)
      if (kept && value === '') return
      const message = value === '' ? 'Enter the value of this header.' : refuseHeaderValue(value)
      if (message) refuse('value', message)
    })
  })
