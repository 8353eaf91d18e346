/**
 * Whether PostgreSQL can store a text: it has no NUL, and no half of a surrogate pair (which has no UTF-8). A search for
 * any other text finds nothing. Sent as a parameter, a NUL would fail the query, and half a pair would become U+FFFD.
 */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** What to say beside a field whose text fails `isPlainText`. */
export const notPlainText = 'This has a character that can’t be shown or stored. Type it again.'

/**
 * Whether a text is one line that can be shown and stored: no control characters (PostgreSQL stores no NUL, an HTTP header
 * no line break), no half of a surrogate pair (it has no UTF-8).
 */
export const isPlainText = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text)
