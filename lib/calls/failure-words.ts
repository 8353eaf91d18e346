import type { CallFailure } from './failure'

// The result of a call in words for merchants: a short label, a sentence and the likely cure. Pure functions.

export type CallAnswer = {
  status: number | null
  /** null: a success. */
  failure: CallFailure | null
  /** Depends on the failure: the deadline, the blocked address or part of the URL, the location of a redirect, an error code. */
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
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
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

/** getaddrinfo's code when the name servers failed or did not answer. A name that does not exist gives ENOTFOUND. */
const noAnswer = 'EAI_AGAIN'

/** "500 Internal Server Error"; the number alone when the status has no common name. */
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
    case 'blocked-url':
      return 'URL not allowed'
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

/** The path of a location on the same host, or the name of another host: short enough for a pill. */
function shortLocation(location: string): string {
  if (location.startsWith('/') && !location.startsWith('//')) return location.split(/[?#]/)[0] as string
  return URL.canParse(location) ? new URL(location).host : location
}

export type FailureWords = {
  /** What happened. */
  what: string
  /** What the merchant or their developer can do. */
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
      what: 'The host name in the URL has no address in the DNS.',
      cure: 'Check the spelling of the host name. A new name may take some minutes to be known everywhere.',
    },
    'blocked-address': {
      what: `The host name in the URL points to an address that we do not call${about}.`,
      cure: 'We call public addresses only. Point the name to your site’s public address.',
    },
    'blocked-url': blockedUrl(detail),
    refused: {
      what: 'Your server is up, but nothing accepts connections on this port.',
      cure: 'Check that your web server is running and that your firewall lets us in.',
    },
    unreachable: {
      what: 'No network path leads to your server.',
      cure: 'Check that the server is up and that the DNS still has its right address.',
    },
    reset: {
      what: 'Your server closed the connection before it answered.',
      cure: 'Look for a crash or a restart in your server’s log at this time; a proxy or firewall in front of it may also cut connections.',
    },
    'not-http': {
      what: 'What came back is not an HTTP answer.',
      cure: 'Check the scheme and port of the URL. Calling a TLS port with http:// looks like this too.',
    },
    'too-many-headers': {
      what: `Your endpoint answered with more headers than we read${about}.`,
      cure: 'Send at most 64 KiB of headers. A cookie that keeps growing is a common cause.',
    },
    unsendable: unsendable(detail),
  }[failure]
}

const silentDns: FailureWords = {
  what: 'The DNS did not answer for the host name in the URL, so we do not know where to call.',
  cure: 'Ask whoever runs the name servers of this domain. If calls to other hosts fail in the same way, this hub’s own DNS may be at fault.',
}

const blockedUrl = (part: string | null): FailureWords =>
  part === 'http'
    ? {
        what: 'The WebHook URL begins with http://, which this hub does not allow here.',
        cure: 'Enter a URL that begins with https://.',
      }
    : {
        what: `The WebHook URL names a port that this hub does not allow${part ? ` (${part})` : ''}.`,
        cure: 'Enter a URL with the usual port, or ask the operator of this hub to allow this one.',
      }

function unsendable(detail: string | null): FailureWords {
  if (detail === 'secret-unreadable')
    return {
      what: 'A stored key or password of this WebHook can’t be read any more, so nothing was sent.',
      cure: 'Enter the pre-shared key, Basic password and custom headers again and save.',
    }
  return {
    what: 'The request could not be built, so nothing was sent.',
    cure: 'Open the WebHook, check its URL, key and custom headers, and save it again.',
  }
}

function redirectFailure({ status, detail }: CallAnswer): FailureWords {
  const login = detail !== null && /log-?in|sign-?in|auth/i.test(detail)
  return {
    what: `Your endpoint answered ${status} and pointed to ${detail ?? 'another address'}. We do not follow redirects: keys and ratings would travel to an address that nobody entered here.`,
    cure: login
      ? 'It asks for a sign-in. Allow this path without one, and check our key or signature there instead.'
      : 'Enter the address it points to as the WebHook URL. If the answer is meant as “done”, as Google Apps Script does, choose “2xx or 3xx” under Advanced.',
  }
}

function tlsFailure(code: string | null): FailureWords {
  const what =
    code === 'CERT_HAS_EXPIRED'
      ? 'The certificate of your site has expired.'
      : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? 'The certificate of your site is for another name.'
        : code && /SELF_SIGNED|UNABLE_TO|INVALID_CA/.test(code)
          ? 'The certificate of your site is not signed by an authority we can check.'
          : 'No encrypted connection to your site could be made.'
  return {
    what: code ? `${what.slice(0, -1)} (${code}).` : what,
    cure: /UNABLE_TO/.test(code ?? '')
      ? 'The intermediate certificate is often missing. Let your server send the whole chain.'
      : 'Renew or correct the certificate. A browser that opens the URL usually shows the same error.',
  }
}

function statusFailure(status: number): FailureWords {
  const what = `Your endpoint answered ${statusWords(status)}.`
  const cure = statusCures[status]
  if (cure) return { what, cure }
  if (status >= 500)
    return { what, cure: 'It failed while it handled the call. Your server’s own log at this time says why.' }
  return { what, cure: 'It received the call and refused it. The answer’s body, under Response, often says why.' }
}

const refusedCaller =
  'It did not accept our credentials. Compare the Authorization header under Request, and the signature, with what your endpoint expects.'
const statusCures: Record<number, string> = {
  400: 'It could not read the body. Compare Request with what your code expects; it may expect another format.',
  401: refusedCaller,
  403: `${refusedCaller} A firewall that blocks unknown senders answers 403 too.`,
  404: 'Nothing is at this path. Check the WebHook URL, letter by letter.',
  405: 'This path does not accept POST. Check the WebHook URL, or let your endpoint accept POST.',
  408: 'It waited too long for the request. A proxy in front of it may be overloaded.',
  410: 'It says that it is gone for good. Enter the new URL, or delete this WebHook.',
  413: 'The body is larger than it accepts. Raise the limit on your server.',
  415: 'It does not accept this content type. Let it accept the one shown under Request.',
  422: 'It read the body but could not use it. The answer’s body, under Response, often says which field.',
  429: 'It received too many requests. We wait as long as it asks. A rate limit on your side may be too low.',
  502: 'A proxy in front of your endpoint got no proper answer from it. Check that your application is running.',
  503: 'It is overloaded or down for maintenance.',
  504: 'A proxy in front of your endpoint waited too long for it. Answer first, and do the work afterwards.',
}
