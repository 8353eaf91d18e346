import { type IdKind, prefixes, readId } from '../type-id'

// What a person pasted into the search box. Pure.

/** Ids that have a page of their own, or a list that is narrowed to them. */
export const foundKinds = ['event', 'delivery', 'call', 'webhook', 'feedback', 'source'] as const satisfies IdKind[]
export type FoundKind = (typeof foundKinds)[number]

/** `hub`: an id of ours and its kind. `uuid`: the same without its kind. `platform`: any other text. */
export type Recognised =
  | { of: 'hub'; kind: FoundKind; id: string }
  | { of: 'uuid'; id: string }
  | { of: 'platform'; text: string }

const kindOf = new Map<string, FoundKind>(foundKinds.map((kind) => [prefixes[kind], kind]))
const typeId = new RegExp(`(?<![0-9a-z])(${[...kindOf.keys()].join('|')})_[0-9a-z]{26}(?![0-9a-z])`, 'i')
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The id in a pasted text. An id of ours is found wherever it stands, as in an address or a header line
 * (`webhook-id: dlv_…`). Any other text is the platform's id, whole. Undefined: the text is empty.
 */
export function recognise(pasted: string): Recognised | undefined {
  const text = pasted.trim().replace(/^["'“]+|["'”,;]+$/g, '')
  if (text === '') return undefined
  const [own] = typeId.exec(text) ?? []
  const kind = own && kindOf.get(own.slice(0, 3).toLowerCase())
  const id = kind && readId(kind, own.toLowerCase())
  if (kind && id) return { of: 'hub', kind, id }
  if (uuid.test(text)) return { of: 'uuid', id: text.toLowerCase() }
  return { of: 'platform', text: text.slice(0, 255) }
}
