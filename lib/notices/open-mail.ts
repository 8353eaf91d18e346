import type { Transporter } from 'nodemailer'
import type { Env } from '../env'

// Sends mail through the operator's SMTP server.

/**
 * The limit for one mail, from connecting to the last answer. It is shorter than the grace of a stop, which waits for
 * it.
 */
const sendWithinMs = 20_000

export type Letter = { subject: string; text: string; messageId?: string; references?: string }

export type Mail = {
  /** The hub's address, without a slash at the end. */
  hubUrl: string
  /** Throws MailRefusedError when the server refuses this address for good. Any other error may be temporary. */
  send(to: string, letter: Letter): Promise<void>
}

/**
 * The server refuses mail to this address for good. The error does not hold the server's text, which often names the
 * person.
 */
export class MailRefusedError extends Error {}

/** Mail through SMTP_URL. Undefined when it is not set. Opens no connection until the first mail. */
export function openMail({
  SMTP_URL: url,
  MAIL_FROM: from,
  HEARBACK_URL,
}: Pick<Env, 'SMTP_URL' | 'MAIL_FROM' | 'HEARBACK_URL'>): Mail | undefined {
  if (!url || !from) return undefined
  let transport: Transporter | undefined
  return {
    hubUrl: HEARBACK_URL,
    async send(to, letter) {
      try {
        transport ??= await openTransport(url)
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          ...letter,
          textEncoding: 'quoted-printable',
          headers: { 'auto-submitted': 'auto-generated' },
          signal: AbortSignal.timeout(sendWithinMs),
        })
      } catch (error) {
        throw isRefused(error) ? new MailRefusedError() : error
      }
    },
  }
}

/** Loads the library with the first mail: it would be a seventh of what a start reads. */
async function openTransport(url: string): Promise<Transporter> {
  const { default: nodemailer } = await import('nodemailer')
  return nodemailer.createTransport({
    url,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/**
 * Refused for good at RCPT TO, or not an address at all. A refused sender is not counted: the operator can correct it.
 */
function isRefused(error: unknown): boolean {
  const {
    code,
    command,
    responseCode = 0,
    message,
  } = error as {
    code?: string
    command?: string
    responseCode?: number
    message: string
  }
  if (code !== 'EENVELOPE') return false
  return command === 'RCPT TO' ? responseCode >= 500 : /^(No recipients|Invalid recipient)/.test(message)
}
