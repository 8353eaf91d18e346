import type { CallFailure } from './failure'

// How a call went, in the words of merchants: a pill of a few words, a sentence, and the likely cure. Pure.

export type CallAnswer = {
  status: number | null
  /** null: a 2xx. */
  failure: CallFailure | null
  /** What the failure is about: the deadline, the forbidden address, where a redirect pointed. */
  detail: string | null
}

const statusNames: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  418: 'I’m a teapot',
  422: 'Unprocessable Content',
  425: 'Too Early',
  429: 'Too Many Requests',
  431: 'Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** The detail of a name whose servers failed or kept silent, unlike one that does not exist. */
const noAnswer = 'EAI_AGAIN'

/** "500 Internal Server Error"; a status without a common name stands alone. */
export const statusWords = (status: number): string =>
  statusNames[status] ? `${status} ${statusNames[status]}` : String(status)

/** The result in at most a few words: "200 OK", "500", "302 → /login", "Timed out after 5 s". */
export function pillWords({ status, failure, detail }: CallAnswer): string {
  switch (failure) {
    case null:
      return statusWords(status ?? 200)
    case 'status':
      return String(status)
    case 'redirect':
      return detail ? `${status} → ${shortLocation(detail)}` : String(status)
    case 'timeout':
      return detail ? `Timed out after ${detail}` : 'Timed out'
    case 'name-not-found':
      return detail === noAnswer ? 'DNS did not answer' : 'Name not found'
    case 'blocked-address':
      return 'Blocked address'
    case 'refused':
      return 'Connection refused'
    case 'unreachable':
      return 'No route to host'
    case 'tls':
      return 'TLS failed'
    case 'reset':
      return 'Connection broken'
    case 'not-http':
      return 'Not an HTTP answer'
    case 'too-many-headers':
      return 'Too many headers'
    case 'unsendable':
      return 'Could not be sent'
  }
}

/** Of another host its name, of the same host the path: what fits a pill. */
function shortLocation(location: string): string {
  if (location.startsWith('/') && !location.startsWith('//')) return location.split(/[?#]/)[0] as string
  return URL.canParse(location) ? new URL(location).host : location
}

export type FailureWords = {
  /** What happened. */
  what: string
  /** What the merchant or their developer does about it. */
  cure: string
}

/** A failed call as a sentence and its likely cure; undefined for a success. */
export function failureWords(call: CallAnswer): FailureWords | undefined {
  const { failure, detail } = call
  if (failure === null) return undefined
  if (failure === 'status') return statusFailure(call.status ?? 0)
  if (failure === 'redirect') return redirectFailure(call)
  if (failure === 'tls') return tlsFailure(detail)
  if (failure === 'name-not-found' && detail === noAnswer) return silentDns
  const about = detail ? ` (${detail})` : ''
  return {
    timeout: {
      what: `Your endpoint did not finish answering within ${detail ?? 'the timeout'}.`,
      cure: 'Answer first and do the work afterwards, for example from a queue of your own. If it really needs longer, raise the timeout under Advanced.',
    },
    'name-not-found': {
      what: 'The name in the URL leads nowhere: the DNS has no address for it.',
      cure: 'Check the spelling of the host. If the name is new, its DNS entry may need some minutes to be known everywhere.',
    },
    'blocked-address': {
      what: `The name in the URL leads to an address that we do not call${about}.`,
      cure: 'We call public addresses only. Let the name point to your site’s public address.',
    },
    refused: {
      what: 'Your server is there, but nothing takes connections at this port.',
      cure: 'Check that your web server is running and that a firewall lets us in.',
    },
    unreachable: {
      what: 'No network path leads to your server.',
      cure: 'Check that the server is up and that its address in the DNS is still right.',
    },
    reset: {
      what: 'Your server closed the connection before it had answered.',
      cure: 'Look for a crash or a restart in your server’s log at this time; a proxy or firewall in front of it may also cut connections.',
    },
    'not-http': {
      what: 'What came back is not an HTTP answer.',
      cure: 'Check that scheme and port of the URL belong to a web server: http:// to a TLS port looks like this too.',
    },
    'too-many-headers': {
      what: `Your endpoint answered with more headers than we read${about}.`,
      cure: 'Send at most 64 KiB of headers; often a cookie that grows is the reason.',
    },
    unsendable: unsendable(detail),
  }[failure]
}

const silentDns: FailureWords = {
  what: 'The DNS gave no answer for the name in the URL, so we do not know where to call.',
  cure: 'Ask whoever runs the name servers of this name. If other calls fail like this too, the DNS of this hub may be at fault.',
}

function unsendable(detail: string | null): FailureWords {
  if (detail === 'secret-unreadable')
    return {
      what: 'A stored key or password of this WebHook can’t be read any more, so nothing was sent.',
      cure: 'Enter the pre-shared key, Basic password and custom headers again and save.',
    }
  return {
    what: 'The request could not be put together, so nothing was sent.',
    cure: 'Open the WebHook, check URL, key and custom headers, and save it again.',
  }
}

function redirectFailure({ status, detail }: CallAnswer): FailureWords {
  const login = detail !== null && /log-?in|sign-?in|auth/i.test(detail)
  return {
    what: `Your endpoint answered ${status} and pointed to ${detail ?? 'another address'}. We do not follow redirects: keys and ratings would travel to an address that nobody entered here.`,
    cure: login
      ? 'It asks for a sign-in. Let this one path be called without one, and check our key or signature there instead.'
      : 'Enter the address it points to as the WebHook URL.',
  }
}

function tlsFailure(code: string | null): FailureWords {
  const what =
    code === 'CERT_HAS_EXPIRED'
      ? 'The certificate of your site has expired.'
      : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? 'The certificate of your site is made for another name.'
        : code && /SELF_SIGNED|UNABLE_TO|INVALID_CA/.test(code)
          ? 'The certificate of your site is not signed by an authority we can check.'
          : 'No encrypted connection to your site could be made.'
  return {
    what: code ? `${what.slice(0, -1)} (${code}).` : what,
    cure: /UNABLE_TO/.test(code ?? '')
      ? 'Often the intermediate certificate is missing: let your server send the whole chain.'
      : 'Renew or correct the certificate. A browser that opens the URL usually shows the same complaint.',
  }
}

function statusFailure(status: number): FailureWords {
  const what = `Your endpoint answered ${statusWords(status)}.`
  const cure = statusCures[status]
  if (cure) return { what, cure }
  if (status >= 500)
    return { what, cure: 'It failed while it handled the call. Your server’s own log at this time says why.' }
  return { what, cure: 'It took the call and turned it down. The answer’s body, under Response, often says why.' }
}

const refusedCaller =
  'It did not accept who is calling. Compare the Authorization header under Request, and the signature, with what your endpoint expects.'
const statusCures: Record<number, string> = {
  400: 'It could not make sense of the body. Compare Request with what your code reads; the format may be another than it expects.',
  401: refusedCaller,
  403: `${refusedCaller} A firewall that blocks unknown senders answers 403 too.`,
  404: 'Nothing is at this path. Check the WebHook URL, letter by letter.',
  405: 'This path does not take POST. Check the WebHook URL, or let your endpoint accept POST.',
  408: 'It waited too long for the request. A proxy in front of it may be overloaded.',
  410: 'It says that it is gone for good. Enter its new URL, or delete this WebHook.',
  413: 'The body is larger than it accepts. Raise the limit on your server.',
  415: 'It does not take this content type. Let it accept the content type shown under Request.',
  422: 'It read the body but could not use it. The answer’s body, under Response, often says which field.',
  429: 'It is asked too often. We wait as long as it says; a rate limit on your side may be too tight.',
  502: 'A proxy in front of your endpoint got no proper answer from it. Check that your application is running.',
  503: 'It is not available just now: overloaded, or in maintenance.',
  504: 'A proxy in front of your endpoint waited too long for it. Answer first, and do the work afterwards.',
}
