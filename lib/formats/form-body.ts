// URL-encoded bodies with brackets for nesting, as Rails (Rack) and PHP parse them.

type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [name: string]: Value }

/**
 * Writes `a[b][c]=1&a[list][]=x`. Null, an empty list and an empty object become an empty value. A list of plain values
 * uses `[]`. Any other list uses `[0]`, `[1]`, …, because Rack would merge its elements otherwise.
 */
export const formBody = (values: { readonly [name: string]: Value }): string =>
  Object.entries(values)
    .flatMap(([name, value]) => pairs(written(name), value))
    .join('&')

function pairs(name: string, value: Value): string[] {
  if (value === undefined) return []
  if (value === null || typeof value !== 'object') return [`${name}=${encodeURIComponent(String(value ?? ''))}`]
  const inner = Array.isArray(value) ? listPairs(name, value) : objectPairs(name, value as { [name: string]: Value })
  return inner.length > 0 ? inner : [`${name}=`]
}

const objectPairs = (name: string, value: { readonly [name: string]: Value }) =>
  Object.entries(value).flatMap(([key, inner]) => pairs(`${name}[${written(key)}]`, inner))

function listPairs(name: string, values: readonly Value[]) {
  const plain = values.every((value) => value === null || typeof value !== 'object')
  return values.flatMap((value, i) => pairs(`${name}[${plain ? '' : i}]`, value))
}

/** Parsers look for brackets after decoding, so a name must not contain any. A blank name would be read as `[]`. */
function written(name: string): string {
  const plain = name.replaceAll('[', '(').replaceAll(']', ')')
  return encodeURIComponent(plain.trim() === '' ? '_' : plain)
}
