import { sql } from 'drizzle-orm'
import type { Database } from '../db/client'
import type { SealedHeader } from '../db/schema'
import { DamagedSealError, type KeyRing, keyIdOf, type SealPlace, seal, UnknownSealKeyError, unseal } from './seal'
import { type SealedColumn, sealedColumns } from './sealed-columns'

// The life of the operator's keys: which of them seals what, and sealing everything anew with the active one. Rows are read
// in small pages and written one by one, each only if it is still as it was read. So a hub goes on delivering meanwhile: it
// opens a value with whichever key of its ring sealed it.

const pageSize = 500

/** A row with a value that no key of the ring opens, and why. */
export type Unreadable = { table: string; key: Record<string, string | number>; why: string }

/** `values`: how many each key sealed, by its id; those that do not open among them. */
export type KeyCheck = { values: Map<string, number>; unreadable: Unreadable[] }

/** Opens every sealed value, and says which key sealed how many and which rows do not open. */
export async function checkKeys(db: Database, ring: KeyRing): Promise<KeyCheck> {
  const check: KeyCheck = { values: new Map(), unreadable: [] }
  for (const column of sealedColumns)
    for await (const { key, value } of rowsOf(db, column))
      for (const { sealed, place } of valuesOf(column, key, value)) {
        const id = keyIdOf(sealed)
        check.values.set(id, (check.values.get(id) ?? 0) + 1)
        const opened = open(sealed, place, ring)
        if ('why' in opened) check.unreadable.push({ table: column.table, key, why: opened.why })
      }
  return check
}

/** Seals anew what another key than the active one sealed. Returns how many values that were, and the rows that don't open. */
export async function rotateKeys(db: Database, ring: KeyRing): Promise<{ resealed: number; unreadable: Unreadable[] }> {
  let resealed = 0
  const unreadable: Unreadable[] = []
  for (const column of sealedColumns)
    for await (const { key, value } of rowsOf(db, column)) {
      const renewed = new Map<string, string>()
      for (const { sealed, place } of valuesOf(column, key, value)) {
        if (keyIdOf(sealed) === ring.active) continue
        const opened = open(sealed, place, ring)
        if ('why' in opened) unreadable.push({ table: column.table, key, why: opened.why })
        else renewed.set(sealed, seal(opened.text, place, ring))
      }
      if (renewed.size > 0 && (await replace(db, column, key, value, renewed))) resealed += renewed.size
    }
  return { resealed, unreadable }
}

type Value = string | SealedHeader[]
type Row = { key: Record<string, string | number>; value: Value }

async function* rowsOf(db: Database, { table, column, key }: SealedColumn): AsyncGenerator<Row> {
  const names = Object.keys(key)
  const columns = sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  )
  for (let last: Row['key'] | undefined; ; ) {
    const beyond = last
      ? sql`and (${columns}) > (${sql.join(
          names.map((name) => sql`${last?.[name]}::${sql.raw(key[name] as string)}`),
          sql`, `,
        )})`
      : sql``
    const { rows } = await db.execute<Record<string, string | number> & { value: Value }>(sql`
      select ${columns}, ${sql.identifier(column)} as value from ${sql.identifier(table)}
      where ${sql.identifier(column)} is not null ${beyond} order by ${columns} limit ${pageSize}`)
    for (const { value, ...rest } of rows) yield { key: rest, value }
    const end = rows.at(-1)
    if (!end || rows.length < pageSize) return
    last = Object.fromEntries(names.map((name) => [name, end[name] as string | number]))
  }
}

const valuesOf = ({ placeOf }: SealedColumn, key: Row['key'], value: Value): { sealed: string; place: SealPlace }[] =>
  typeof value === 'string'
    ? [{ sealed: value, place: placeOf(key, '') }]
    : value.map(({ name, sealed }) => ({ sealed, place: placeOf(key, name) }))

function open(sealed: string, place: SealPlace, ring: KeyRing): { text: string } | { why: string } {
  try {
    return { text: unseal(sealed, place, ring).reveal() }
  } catch (error) {
    if (error instanceof UnknownSealKeyError) return { why: `HEARBACK_SECRET_KEYS has no key "${error.keyId}"` }
    if (error instanceof DamagedSealError) return { why: 'it was changed or moved after it was sealed' }
    throw error
  }
}

/** Writes the renewed values of a row. False: somebody changed it meanwhile, with the active key. */
async function replace(
  db: Database,
  { table, column, key: types }: SealedColumn,
  key: Row['key'],
  value: Value,
  renewed: Map<string, string>,
): Promise<boolean> {
  const type = sql.raw(typeof value === 'string' ? 'text' : 'jsonb')
  const written = (given: Value) => (typeof given === 'string' ? given : JSON.stringify(given))
  const next =
    typeof value === 'string'
      ? (renewed.get(value) as string)
      : value.map(({ name, sealed }) => ({ name, sealed: renewed.get(sealed) ?? sealed }))
  const own = Object.entries(types).map(([name, cast]) => sql`${sql.identifier(name)} = ${key[name]}::${sql.raw(cast)}`)
  const { rowCount } = await db.execute(sql`
    update ${sql.identifier(table)} set ${sql.identifier(column)} = ${written(next)}::${type}
    where ${sql.join(own, sql` and `)} and ${sql.identifier(column)} = ${written(value)}::${type}`)
  return rowCount === 1
}
