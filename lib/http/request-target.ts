/**
 * Whether a request's target can be read as text: ASCII, well-formed percent-encoding of valid UTF-8, no NUL. `%ff` and half
 * of a surrogate pair are neither, and PostgreSQL stores no NUL: past this check nothing has to expect them.
 */
export function isReadableTarget(target: string): boolean {
  if (!/^[\x21-\x7e]*$/.test(target) || target.includes('%00')) return false
  if (!target.includes('%')) return true
  try {
    decodeURIComponent(target)
    return true
  } catch {
    return false
  }
}
