import { roleWords } from '../accounts/roles'
import type { InvitationForm } from './people-schema'
import { hubAddress, mailTo } from './person-mail'

/** The link was mailed, or is for the person who invites to hand on. */
export type InvitedHow = { email: string; link?: string }

/** Mails the link of an invitation. Where that can't be done, the result has the link instead. */
export async function mailInvitation(
  path: string,
  { email, role }: InvitationForm,
  { accountName, inviter }: { accountName: string; inviter: string },
): Promise<InvitedHow> {
  const link = hubAddress(path)
  const mailed = await mailTo(email, {
    subject: `Join ${accountName} in Hearback`,
    lines: [
      `${inviter} invites you to ${accountName} as ${roleWords[role].label.toLowerCase()}: ${roleWords[role].help}`,
      link,
      'The link works once, for seven days. If you do not know them, do nothing.',
    ],
  })
  return mailed ? { email } : { email, link }
}
