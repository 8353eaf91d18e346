import { createHash } from 'node:crypto'

/** The strong ETag of a value that is answered as JSON. */
export const etagOf = (value: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`

/** Whether an If-Match or If-None-Match header names this ETag (RFC 9110, 13.1). Weak tags are compared as strong ones. */
export const namesEtag = (header: string, etag: string): boolean =>
  header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag)
