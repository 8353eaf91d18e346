import { showId } from '../type-id'
import { noticeWords, type Sentence } from './notice-words'
import type { Letter } from './open-mail'
import type { Notice } from './open-notices'

export type MailedNotice = Notice & { id: string; webhookId: string; accountName: string; url: string }

/** Why the recipient gets it: by their role, or because the account's settings name the address. */
export type MailedTo = 'member' | 'address'

/** A notice as a plain-text mail. It names only the host of the URL, because path and query often contain a key. */
export function noticeMail(notice: MailedNotice, hubUrl: string, to: MailedTo): Letter {
  const { title, what, cure } = noticeWords(notice)
  const domain = new URL(hubUrl).hostname
  return {
    subject: `${title} (${notice.accountName})`,
    text: [
      `${title}.`,
      inUtc(what),
      cure,
      `${hubUrl}/settings/webhooks/${showId('webhook', notice.webhookId)}`,
      `Account: ${notice.accountName}\nEndpoint: ${new URL(notice.url).host}`,
      to === 'member'
        ? `You get this mail because you are an owner or admin of ${notice.accountName} in Hearback.`
        : `You get this mail because the account settings of ${notice.accountName} in Hearback name this address.`,
    ].join('\n\n'),
    // A repeated mail has the same Message-ID, so that mail programs show it once. Notices of a webhook form one
    // thread.
    messageId: `<${notice.id}@${domain}>`,
    references: `<${notice.webhookId}@${domain}>`,
  }
}

const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
  timeZoneName: 'short',
})

const inUtc = (sentence: Sentence): string =>
  sentence.map((part) => (typeof part === 'string' ? part : format.format(part.at))).join('')
