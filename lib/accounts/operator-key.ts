import { env } from '../env'
import { sameText } from '../secrets/same-text'

/** Whether an Authorization header carries the operator's key. Without HEARBACK_OPERATOR_KEY nothing does. */
export function isOperatorKey(header: string | null): boolean {
  const own = env().HEARBACK_OPERATOR_KEY
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  return own !== undefined && given !== undefined && sameText(given, own)
}
