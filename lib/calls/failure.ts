/** The ways in which a call fails. `status`: the receiver answered with neither a 2xx nor a redirect. */
export const callFailures = [
  'status',
  'redirect',
  'timeout',
  'name-not-found',
  'blocked-address',
  'refused',
  'unreachable',
  'tls',
  'reset',
  'not-http',
  'too-many-headers',
  'unsendable',
] as const
export type CallFailure = (typeof callFailures)[number]
