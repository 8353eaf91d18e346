import nodemailer from 'nodemailer'
import type { Env } from '../env'

// The way out for mail: the operator's SMTP server.

/** A mail has so long, from connecting to the last word of the server; a stop waits for it within its grace. */
const sendWithinMs = 20_000

export type Letter = { subject: string; text: string; messageId: string; references: string }

export type Mail = {
  /** Where the hub is, without a slash at the end. */
  hubUrl: string
  /** Throws MailRefusedError when it is this address that the server does not take; anything else may pass. */
  send(to: string, letter: Letter): Promise<void>
}

/** The server will never take mail for this address. Its words are not kept: they often name the person. */
export class MailRefusedError extends Error {}

/** Mail by SMTP_URL; undefined: the operator has set none up. Opens no connection yet. */
export function openMail({
  SMTP_URL: url,
  MAIL_FROM: from,
  HEARBACK_URL,
}: Pick<Env, 'SMTP_URL' | 'MAIL_FROM' | 'HEARBACK_URL'>): Mail | undefined {
  if (!url || !from) return undefined
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    hubUrl: HEARBACK_URL.replace(/\/$/, ''),
    async send(to, letter) {
      try {
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

/** Refused for good at RCPT TO, or not even an address. A sender that is refused is for the operator to put right. */
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
