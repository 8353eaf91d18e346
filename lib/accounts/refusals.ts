// Why a server action was not carried out, in words for the person. An action refused before Next reads it gets the words
// as text/plain, the one form in which the browser part of Next shows a refusal. Of one that throws only the digest reaches
// the browser. `unauthorized()` and `forbidden()` are for pages: in an action they draw the page anew, without what was typed.

export const refusals = {
  signedOut: {
    title: 'You are signed out',
    message: 'Nothing was changed. Sign in again in another tab, then repeat it here: what you typed is kept.',
  },
  role: {
    title: 'Your role doesn’t allow this',
    message: 'Ask an owner or an admin of this account to do it, or to give you a higher role.',
  },
  twoFactor: {
    title: 'This account demands two-factor sign-in',
    message: 'Set it up under your sign-in, then repeat this.',
  },
  suspended: {
    title: 'This account is suspended',
    message: 'Nothing was changed. The operator of this hub can open it again.',
  },
  missing: {
    title: 'This is no longer there',
    message: 'It was removed in the meantime, or it never belonged to this account. Reload the page.',
  },
  foreign: {
    title: 'We stopped this request',
    message: 'It did not come from this hub’s own pages. Open the page again at the hub’s address and repeat it.',
  },
  tooLong: {
    title: 'This is too long',
    message: 'The hub takes no form of this size. Shorten it and try again.',
  },
  away: {
    title: 'The hub can’t answer right now',
    message: 'What you typed is kept. Try again in a moment.',
  },
  lost: {
    title: 'The hub can’t be reached',
    message: 'What you typed is kept. Check your connection and try again.',
  },
  outdated: {
    title: 'The hub was updated',
    message: 'This page is of the version before, so nothing was changed. Reload it: what you typed is kept.',
  },
} as const

/** What stops a request of another origin, with the address that an operator may have set wrong. */
export const foreignTo = (hubUrl: string): Words => ({
  title: refusals.foreign.title,
  message: `This hub’s address is ${hubUrl} (HEARBACK_URL). Open the page there and repeat it.`,
})

const mark = 'hearback:'

/** Thrown by an action. It is expected: no log has it (log-console.ts). */
export class RefusedError extends Error {
  readonly digest: string
  constructor(why: keyof typeof refusals) {
    super(why)
    this.digest = mark + why
  }
}

/** Whether an error is a refusal. Next bundles a copy of the class, so its digest tells. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'digest' in error && String(error.digest).startsWith(mark)

type Words = { title: string; message: string }

/** A refusal as one text: the body of the answer to a refused action. */
export const refusalText = ({ title, message }: Words): string => `${title}. ${message}`

/** A refusal in words for the person, or undefined when the error is none. */
export function refusalWords(error: unknown): Words | undefined {
  if (!(error instanceof Error)) return undefined
  const digest = 'digest' in error ? String(error.digest) : ''
  if (digest.startsWith(mark)) return refusals[digest.slice(mark.length) as keyof typeof refusals]
  // What Next says of an answer that is neither an action's nor text: 503 while the pages are away, 502 of a proxy.
  if (error.message === 'An unexpected response was received from the server.') return refusals.away
  // Next does not find the action of a page that an earlier build made.
  if (error.name === 'UnrecognizedActionError') return refusals.outdated
  // The browser got no answer, or the connection ended within it.
  if (error instanceof TypeError || error.message === 'Connection closed.') return refusals.lost
  const refusal = Object.values(refusals).find(({ title }) => error.message.startsWith(`${title}. `))
  if (!refusal || refusalText(refusal) === error.message) return refusal
  return { title: refusal.title, message: error.message.slice(refusal.title.length + 2) }
}
