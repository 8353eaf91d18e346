import { safeParse } from 'fast-content-type-parse'

/**
 * The media type of a Content-Type header in lower case (RFC 9110, 8.3), and whether its text is UTF-8: it names no
 * charset, or one that the Encoding Standard knows as UTF-8. `type` is '' for no header and for one that is malformed.
 */
export function readMediaType(header: string | null): { type: string; utf8: boolean } {
  const { type, parameters } = safeParse(header ?? '')
  return { type, utf8: parameters.charset === undefined || isUtf8(parameters.charset) }
}

function isUtf8(label: string): boolean {
  try {
    return new TextDecoder(label).encoding === 'utf-8'
  } catch {
    return false
  }
}
