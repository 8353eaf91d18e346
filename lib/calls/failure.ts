/**
 * The ways in which a call fails. `status`: the receiver answered with neither a 2xx nor a redirect. `redirect`: a 3xx,
 * where the webhook does not take it for a success.
 */
export const callFailures = [
  'status',
  'redirect',
  'timeout',
  'name-not-found',
  'blocked-address',
  'blocked-url',
  'refused',
  'unreachable',
  'tls',
  'reset',
  'not-http',
  'too-many-headers',
  'unsendable',
] as const
export type CallFailure = (typeof callFailures)[number]
