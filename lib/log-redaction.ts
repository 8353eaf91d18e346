import { stripVTControlCharacters } from 'node:util'
import ipaddr from 'ipaddr.js'

// What of an error may be logged. Messages of the database name parameters, those of the network addresses; a log is read
// by more people than either.

/** One frame of a stack: a place in the code, which holds no values. */
const frame = /^\s+at .*:\d+:\d+\)?$/

/**
 * Masks in a text: parameters of a statement, paths and queries of URLs, e-mail and network addresses, what follows Bearer
 * or Basic, and every run of 20 or more characters that mixes letters and digits, as keys, tokens and ids do.
 */
export function redactText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\bparams: [\s\S]*/, 'params: [not logged]')
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#"'<>)]*)[^\s"'<>)]*/gi, (_, scheme, host) =>
      scheme === 'file://' ? _ : `${scheme}${host}/…`,
    )
    .replace(/\?[\w.%[\]-]+=[^\s"'<>)]*/g, '?…')
    .replace(/\b(Bearer|Basic)\s+[^\s"',]+/gi, '$1 [redacted]')
    .replace(/[^\s"'<>(),:;=@]+@[^\s"'<>(),:;=@]+/g, '[address]')
    .replace(/[0-9a-f:.]{3,}/gi, (run) => (isAddress(run.replace(/[.:]$/, '')) ? '[address]' : run))
    .replace(/[A-Za-z0-9_+=%-]{20,}/g, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? '[redacted]' : run))
}

const isAddress = (text: string) =>
  ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text.replace(/:\d+$/, ''))

export type LoggedError = { type: string; message: string; code?: string; stack?: string; cause?: LoggedError }

/** An error as it may be logged: its name, masked message, code, frames and at most three causes. No other property. */
export function redactError(error: unknown, causes = 3): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: redactText(String(error)) }
  const { name, message, stack = '', cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const frames = stack.split('\n').filter((line) => frame.test(line))
  return {
    type: name,
    message: redactText(message),
    ...(code && { code }),
    ...(frames.length > 0 && { stack: frames.join('\n') }),
    ...(cause !== undefined && causes > 0 && { cause: redactError(cause, causes - 1) }),
  }
}

/** The same in lines for a terminal. */
export function errorText(error: unknown): string {
  const { type, message, code, stack, cause } = redactError(error)
  const head = error instanceof Error ? `${type}${code ? ` (${code})` : ''}: ${message}` : message
  return [head, stack, cause && `caused by ${cause.type}: ${cause.message}`].filter(Boolean).join('\n')
}
