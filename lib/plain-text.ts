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

const seen = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}]/u

/** Whether a text has a character that can be seen: not only spaces, controls, fillers and marks without a letter. */
export const showsSomething = (text: string): boolean => seen.test(text)

// What fields show in place of a password.
const maskSigns = /^[•●∙·*]{4,}$/u

/** Whether a text is the row of dots that a field shows in place of a password. */
export const isMask = (text: string): boolean => maskSigns.test(text)

/** What to say beside a password that is a mask. */
export const notMask = 'These are the dots that are shown in place of a password. Enter the password itself.'
