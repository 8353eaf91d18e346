import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fetchPage, type Page, type PageCursor } from './fetch-page'

// A list of whole numbers in ascending order stands for a table; a search looks at `bound` of them and no more.

type List = { all: number[]; matches: (n: number) => boolean; bound: number; size: number }

const lists = fc
  .record({
    all: fc.uniqueArray(fc.nat(500), { maxLength: 60 }).map((numbers) => numbers.sort((a, b) => a - b)),
    every: fc.integer({ min: 1, max: 4 }),
    bound: fc.integer({ min: 3, max: 80 }),
    size: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ every, ...list }): List => ({ ...list, matches: (n) => n % every === 0 }))

const read = ({ all, matches, bound, size }: List, cursor?: PageCursor<number>) =>
  fetchPage<number, number>(
    cursor,
    size,
    (n) => n,
    async ({ from, backward, limit }) => {
      const beyond = all.filter((n) => from === undefined || (backward ? n < from : n > from))
      const looked = (backward ? beyond.reverse() : beyond).slice(0, bound)
      const rows = looked.filter(matches).slice(0, limit)
      const ended = rows.length < limit && looked.length === bound
      return { rows, searchedUntil: ended ? looked.at(-1) : undefined }
    },
  )

async function walk(list: List, start: Page<number, number>, key: 'next' | 'previous') {
  const pages = [start]
  for (let page = start; page[key] !== null; pages.push(page)) {
    expect(pages.length).toBeLessThan(500)
    page = await read(list, { from: page[key] as number, backward: key === 'previous' })
  }
  return pages
}

test('going on from page to page shows every row once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      const pages = await walk(list, await read(list), 'next')
      expect(pages.flatMap(({ rows }) => rows)).toEqual(list.all.filter(list.matches))
      for (const { rows } of pages) expect(rows.length).toBeLessThanOrEqual(list.size)
    }),
  )
})

test('going back from the last row misses no row and ends at the first page', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      const first = await read(list)
      const forward = await walk(list, first, 'next')
      const last = forward.findLast(({ rows }) => rows.length > 0) ?? first
      const back = await walk(list, last, 'previous')
      expect(new Set(back.flatMap(({ rows }) => rows))).toEqual(new Set(list.all.filter(list.matches)))
      expect(back.at(-1)).toEqual(first)
    }),
  )
})

test('a page is full unless it is the last, or its search says where it ended', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      for (const page of await walk(list, await read(list), 'next'))
        expect(page.rows.length === list.size || page.next === null || page.next === page.searchedUntil).toBe(true)
    }),
  )
})
