import { ConfigurationError } from './env'

// What is wrong with the Node that runs us, rather than with the configuration.

/** When each Node stops getting security fixes (nodejs.org/en/about/previous-releases). */
const END_OF_LIFE: Record<number, string> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30', 26: '2029-04-30' }

/** What to tell an operator whose Node is past its end of life on `today`; undefined when all is well. */
export function nodeWarning(version: string, today: Date): string | undefined {
  const end = END_OF_LIFE[Number(/^v?(\d+)/.exec(version)?.[1])]
  if (!end || today < new Date(end)) return undefined
  return `Node ${version} has had no security fixes since ${end}: Node 24 is recommended`
}

/** A hub that checks nobody's certificate would hand its secrets to anybody: it does not start. */
export function refuseUnverifiedTls(environment: Record<string, string | undefined>): void {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return
  throw new ConfigurationError('NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off: unset it')
}
