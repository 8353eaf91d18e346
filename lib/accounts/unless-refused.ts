import { isAPIError } from 'better-auth/api'

/** What the auth library answers, or the code of its refusal when what the person entered is wrong. Other errors are thrown. */
export async function unlessRefused<T>(call: Promise<T>): Promise<{ value: T } | { refusal: string }> {
  try {
    return { value: await call }
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) return { refusal: String(error.body?.code ?? '') }
    throw error
  }
}
