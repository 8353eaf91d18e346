import { type AddressRange, forbiddenRange, inRanges, readRanges } from '../pipeline/deliver/address-guard'
import * as z from '../zod'

// Which WebHook URLs are allowed, judged by their text alone. Whether the name resolves to a public address is checked
// when the URL is saved, test-fired and called (lib/pipeline/deliver/target-check.ts).

/** What the operator allows. The form gets it too, so that browser and server judge alike. */
export type UrlPolicy = {
  http: 'never' | 'format' | 'always'
  ports: number[]
  privateTargets: string[]
}

const bareHost = (url: URL) => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':')
/** Whether this can be a part of a host name (RFC 1123, 2.1). */
const isHostLabel = (label: string) => label.length >= 1 && label.length <= 63 && !/^-|-$/.test(label)
const localName = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|example|invalid|onion|arpa)$/

/** What of a URL is not allowed for a public target: 'http', or its port as in 'port 8443'. Undefined: nothing. */
export function blockedPart(url: URL, plainHttp: boolean, policy: UrlPolicy): string | undefined {
  if (url.protocol === 'http:' && policy.http !== 'always' && !(policy.http === 'format' && plainHttp)) return 'http'
  const usual = usualPort(url)
  const port = Number(url.port || usual)
  return port === usual || policy.ports.includes(port) ? undefined : `port ${port}`
}

const usualPort = (url: URL) => (url.protocol === 'http:' ? 80 : 443)

/** Why scheme or port are not allowed for a public target, in a merchant's words, or undefined. */
export function refuseSchemeOrPort(url: URL, plainHttp: boolean, policy: UrlPolicy): string | undefined {
  const part = blockedPart(url, plainHttp, policy)
  if (part === 'http') return 'Start the URL with https:// so that ratings and keys travel encrypted.'
  if (part === undefined) return undefined
  const others = policy.ports.length ? ` or ${policy.ports.join(', ')}` : ''
  return `Use port ${usualPort(url)}${others}: other ports are not open here.`
}

/** Why this text can't be a WebHook URL, in words a merchant understands, or undefined. */
export function refuseUrl(text: string, plainHttp: boolean, policy: UrlPolicy): string | undefined {
  if (text === '') return 'Enter the URL that we call, such as https://www.your-shop.com/hooks/feedback.'
  if (text.length > 2048) return `This URL has ${text.length} characters; 2,048 is the most we can call.`
  if (/\s/.test(text)) return 'A URL has no spaces or line breaks: write a space as %20.'
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) return 'The URL has a character that can’t be sent. Type it again.'
  if (!URL.canParse(text)) return 'This is not a whole URL. It looks like https://www.your-shop.com/hooks/feedback.'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'Start the URL with https://. We call WebHooks over the web only.'
  if (url.username || url.password)
    return 'Leave user and password out of the URL; set them under Authentication, as Basic.'
  if (text.includes('#')) return 'Leave out the # and what follows it: it never reaches a server.'
  const host = bareHost(url)
  const allowed: AddressRange[] = readRanges(policy.privateTargets)
  if (isAddress(host)) {
    if (inRanges(host, allowed)) return undefined
    const range = forbiddenRange(host)
    if (range) return `This address (${range}) can't be reached from the internet. Use your site's public name.`
  } else {
    if (!host.split('.').every(isHostLabel))
      return `"${host}" is not a host name: each part has 1 to 63 characters and no hyphen at its edge.`
    // The name may resolve to an address that the operator allows, at any port. That is checked when the URL is saved.
    if (allowed.length) return undefined
    if (!host.includes('.') || localName.test(host))
      return `"${host}" can't be reached from the internet. Use your site's public name.`
  }
  return refuseSchemeOrPort(url, plainHttp, policy)
}

/** The URL field: trimmed, then checked by `refuseUrl`. */
export const urlSchema = (plainHttp: boolean, policy: UrlPolicy) =>
  z
    .string()
    .trim()
    .superRefine((text, issues) => {
      const message = refuseUrl(text, plainHttp, policy)
      if (message) issues.addIssue({ code: 'custom', message })
    })
