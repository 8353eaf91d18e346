/**
 * Why a request that changes something is refused, or undefined when it comes from this hub's own pages. A browser
 * says where a request comes from; a request without that information is refused, too. Cookies are SameSite=Lax besides.
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
  const { origin: sender, host: senderHost, protocol } = new URL(origin)
  if (sender === new URL(hubUrl).origin) return true
  return (protocol === 'https:' || protocol === 'http:') && senderHost === host
}
