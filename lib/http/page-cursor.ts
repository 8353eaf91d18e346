import type { PageCursor } from '../db/fetch-page'

type Address = Record<string, string | string[] | undefined>

/**
 * The page that a web address names: \`?after=\` a key or \`?before=\` one. \`read\` turns the text of a key into the key, or
 * into undefined when it is none; such an address names the first page.
 */
export function readPageCursor<Key>(
  { after, before }: Address,
  read: (text: string) => Key | undefined,
): PageCursor<Key> | undefined {
  const backward = typeof after !== 'string'
  const text = backward ? before : after
  const from = typeof text === 'string' ? read(text) : undefined
  return from === undefined ? undefined : { from, backward }
}

/** A number of up to nine digits as an address has it; undefined when the text is none. */
export const readNumber = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
