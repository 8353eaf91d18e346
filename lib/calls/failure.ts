/** Why a call is not a success. `status`: an answer came, but not a 2xx. */
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
