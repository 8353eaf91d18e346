/**
 * Why a request that changes something is refused, or undefined when it comes from this hub's own pages. A browser says
 * where a request comes from; a request without that information is refused, too. Cookies are SameSite=Lax besides.
 *
 * The hub's own origin is that of `hubUrl`, whatever Host and X-Forwarded-Host a proxy sends. On a hub whose address is
 * this machine alone (HEARBACK_URL is not set), each name of the machine that the browser may use counts as well.
 */
export function refuseForeign(headers: Pick<Headers, 'get'>, hubUrl: string): string | undefined {
  const site = headers.get('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') return `Sec-Fetch-Site is ${site}`
  const origin = headers.get('origin')
  if (origin === null) return site === 'same-origin' ? undefined : 'Origin is missing'
  return isOwn(origin, headers.get('host'), hubUrl) ? undefined : 'Origin is another site'
}

function isOwn(origin: string, host: string | null, hubUrl: string): boolean {
  if (!URL.canParse(origin)) return false
  const sender = new URL(origin)
  const own = new URL(hubUrl)
  if (sender.origin === own.origin) return true
  return isLoopback(own) && isLoopback(sender) && sender.protocol === own.protocol && sender.host === host
}

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
