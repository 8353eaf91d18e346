import { randomUUID } from 'node:crypto'
import { env } from '../env'
import { log } from '../log'
import { type Letter, type Mail, openMail } from '../notices/open-mail'

// Mail to one person, sent by the process that answers them. Its links are secrets, so no table queues it: a mail that the
// server does not take is not sent later.

let mail: { opened: Mail | undefined } | undefined

/** Whether the operator has set up SMTP. */
export const sendsMail = (): boolean => opened() !== undefined

function opened(): Mail | undefined {
  mail ??= { opened: openMail(env()) }
  return mail.opened
}

/** Sends a letter. False when the server did not take it, which the log says, or when there is none. */
export async function mailTo(
  email: string,
  { subject, lines }: { subject: string; lines: string[] },
): Promise<boolean> {
  const own = opened()
  if (!own) return false
  const letter: Letter = {
    subject,
    text: lines.join('\n\n'),
    messageId: `<${randomUUID()}@${new URL(env().HEARBACK_URL).hostname}>`,
  }
  try {
    await own.send(email, letter)
    return true
  } catch (error) {
    const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
    log().warn({ code, command, responseCode }, 'a mail to a person was not sent')
    return false
  }
}

/** An address of this hub, without a slash at the end of the hub's own. */
export const hubAddress = (path: string): string => `${env().HEARBACK_URL.replace(/\/$/, '')}${path}`
