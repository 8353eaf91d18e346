import { ingestOperation } from './ingest-operation'
import { type Method, type Scope, type Tag, tags } from './operation'
import { operations } from './operations'

// What the API can do, group by group, for the page that leads into its reference.

export type IndexedOperation = {
  id: string
  method: Method
  /** Below /api/v1. */
  path: string
  summary: string
  /** What the API key must be allowed. */
  scope: Scope | 'ingest'
  /** Its place in the drawn reference, as the fragment of an address. */
  place: string
}
export type OperationGroup = { tag: Tag; description: string; operations: IndexedOperation[] }

const all: (Omit<IndexedOperation, 'place'> & { tag: Tag })[] = [
  ...operations,
  {
    id: ingestOperation.operationId as string,
    method: 'post',
    path: '/events',
    tag: 'Events',
    scope: 'ingest',
    summary: ingestOperation.summary as string,
  },
]

/** As Scalar names it. */
const placeOf = (tag: string, method: Method, path: string) => `tag/${tag.toLowerCase()}/${method.toUpperCase()}${path}`

/** Every operation of the API, in the order of its reference. */
export const operationIndex: readonly OperationGroup[] = Object.entries(tags).map(([tag, description]) => ({
  tag: tag as Tag,
  description,
  operations: all
    .filter((operation) => operation.tag === tag)
    .map(({ id, method, path, summary, scope }) => ({
      id,
      method,
      path,
      summary,
      scope,
      place: placeOf(tag, method, path),
    })),
}))
