// Keyset pages: a page is named by the key it begins after, never by how many rows stand before it, so that the
// thousandth page costs what the first does and rows that come in meanwhile move nothing.

/** Where a page begins: after `from` in the list's own order, or before it (`backward`). Undefined: at the start. */
export type PageCursor<Key> = { from: Key; backward: boolean }

export type Page<Row, Key> = {
  rows: Row[]
  /** The key that the page before this one ends before; null: this is the first. */
  previous: Key | null
  /** The key that the next page begins after; null: this is the last. */
  next: Key | null
  /** Set when the search for rows ended here, before the page was full: it can go on from this key. */
  searchedUntil: Key | null
}

/** What `fetchPage` asks for: up to `limit` rows beyond `from`, nearest first, and where a bounded search ended. */
export type PageRange<Key> = { from: Key | undefined; backward: boolean; limit: number }
export type Found<Row, Key> = { rows: Row[]; searchedUntil?: Key }

/** Reads one page of `size` rows. One row more is asked for, which tells whether there is another page. */
export async function fetchPage<Row, Key>(
  cursor: PageCursor<Key> | undefined,
  size: number,
  keyOf: (row: Row) => Key,
  read: (range: PageRange<Key>) => Promise<Found<Row, Key>>,
): Promise<Page<Row, Key>> {
  const { from, backward = false } = cursor ?? {}
  const found = await read({ from, backward, limit: size + 1 })
  const full = found.rows.length > size
  const searchedUntil = full ? undefined : found.searchedUntil
  const rows = found.rows.slice(0, size)
  // The start was reached: show a whole first page rather than the few rows that came before.
  if (backward && !full && searchedUntil === undefined) return fetchPage(undefined, size, keyOf, read)
  // The last page went: what was left of it stands on the page before.
  if (!backward && from !== undefined && rows.length === 0 && searchedUntil === undefined)
    return { rows, previous: from, next: null, searchedUntil: null }
  if (backward) rows.reverse()
  const ends = { first: rows[0] && keyOf(rows[0]), last: rows.at(-1) && keyOf(rows.at(-1) as Row) }
  const beyond = searchedUntil ?? null
  if (backward)
    return { rows, previous: beyond ?? ends.first ?? null, next: ends.last ?? beyond, searchedUntil: beyond }
  return {
    rows,
    previous: from === undefined ? null : (ends.first ?? from),
    next: full ? (ends.last ?? null) : beyond,
    searchedUntil: beyond,
  }
}
