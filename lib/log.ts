import pino, { type Logger } from 'pino'
import { env } from './env'
import { redactError, redactText } from './log-redaction'
import { limitRepeats } from './log-repeats'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

let logger: Logger | undefined

/**
 * This process's log: JSON lines on standard error. Errors are masked (log-redaction.ts) and the same one is written at most
 * once a second, with `times`. Never give it a secret or a URL's path.
 */
export function log(): Log {
  logger ??= openLog(env().LOG_LEVEL, pino.destination(2))
  return logger
}

/** A log of this form, for `log()` and for tests. */
export function openLog(level: string, destination: pino.DestinationStream): Logger {
  const limited = limitRepeats()
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(given, method) {
          const [first, message, ...rest] = given as unknown as [unknown, string | undefined, ...unknown[]]
          const fields = first instanceof Error ? { err: first } : (first as { err?: unknown; error?: unknown } | null)
          if (fields?.err !== undefined) {
            const err = redactError(fields.err)
            const where = err.stack?.split('\n', 1)[0] ?? ''
            return limited(sameKey(`${message} ${err.type} ${err.message} ${where}`), (times) =>
              method.apply(this, [{ ...fields, err, ...counted(times) }, message ?? 'an error', ...rest] as never),
            )
          }
          if (typeof fields?.error !== 'string') return method.apply(this, given)
          const error = redactText(fields.error)
          limited(sameKey(`${message} ${error}`), (times) =>
            method.apply(this, [{ ...fields, error, ...counted(times) }, message, ...rest] as never),
          )
        },
      },
      serializers: { err: (value) => value },
    },
    destination,
  )
}

const counted = (times: number) => (times > 1 ? { times } : {})

/** Numbers and times do not make another error of it. */
const sameKey = (text: string) => text.replace(/\d+/g, '')
