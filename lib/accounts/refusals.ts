// What stops a request before it does anything. Next keeps only the digest of an error on its way to the browser, so
// the digest says which it is; app/error.tsx and the forms turn it into words.

const digests = {
  role: 'hearback:role-too-low',
  foreign: 'hearback:foreign-request',
} as const

/** The person is signed in, but their role is too low. */
export class RoleTooLowError extends Error {
  readonly digest = digests.role
}

/** The request was sent by another site, or does not say by whom. */
export class ForeignRequestError extends Error {
  readonly digest = digests.foreign
}

/** A refusal in words for the person, or undefined when the error is none. */
export function refusalWords(error: unknown): { title: string; message: string } | undefined {
  const digest = error instanceof Error && 'digest' in error ? error.digest : undefined
  if (digest === digests.role)
    return {
      title: 'Your role doesn’t allow this',
      message: 'Ask an owner or an admin of this account to do it, or to give you a higher role.',
    }
  if (digest === digests.foreign)
    return {
      title: 'We stopped this request',
      message: 'It did not come from this hub’s own pages. Open the page again from its address and repeat it.',
    }
  return undefined
}
