// Keyset pages: a page begins after a key, not after a number of rows. The thousandth page costs what the first does, and
// rows that come in meanwhile do not shift it.

/** Where a page begins: after `from` in the order of the list, or with `backward` before it. */
export type PageCursor<Key> = { from: Key; backward: boolean }

export type Page<Row, Key> = {
  rows: Row[]
  /** The cursor key of the page before; null: this is the first page. */
  previous: Key | null
  /** The cursor key of the next page; null: this is the last page. */
  next: Key | null
  /** Set when a bounded search ended before the page was full: the next search begins here. */
  searchedUntil: Key | null
}

/** What `read` is asked for: up to `limit` rows beyond `from`, nearest first. */
export type PageRange<Key> = { from: Key | undefined; backward: boolean; limit: number }
export type Found<Row, Key> = { rows: Row[]; searchedUntil?: Key }

/** Reads one page of `size` rows. It asks for one row more, to know whether there is another page. */
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
  // The start was reached: return a full first page instead of the few rows before `from`.
  if (backward && !full && searchedUntil === undefined) return fetchPage(undefined, size, keyOf, read)
  // The rows of this page are gone: only the page before has rows.
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
