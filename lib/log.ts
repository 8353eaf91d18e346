import pino, { type Logger } from 'pino'
import { env } from './env'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

let logger: Logger | undefined

/** This process's log: JSON lines on standard error. Never give it a secret or a URL's path. */
export function log(): Log {
  logger ??= pino(
    { level: env().LOG_LEVEL, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  )
  return logger
}
