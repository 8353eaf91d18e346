import * as z from '../zod'

/** What the page and the export of the audit log show. An empty text counts as absent. */
export const auditFilterSchema = z.object({
  /** The beginning of actions: "webhook", "member". */
  about: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  /** The person who acted; `keys`: any API key; `hub`: the hub itself and the operator's shell. */
  who: z.union([z.uuid(), z.literal(['keys', 'hub'])]).optional(),
  /** The first and last day, in UTC. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
})
export type AuditFilter = z.infer<typeof auditFilterSchema>

/** The filter that an address names; undefined when a part of it is none. */
export function readAuditFilter(address: Record<string, string | string[] | undefined>): AuditFilter | undefined {
  const given = Object.entries(address).filter(([, value]) => value !== '')
  const parsed = auditFilterSchema.safeParse(Object.fromEntries(given))
  return parsed.success ? parsed.data : undefined
}

/** The filter as the query of an address, with further parameters. */
export function auditQuery(filter: AuditFilter, more: Record<string, string> = {}): string {
  const given = Object.entries({ ...filter, ...more }).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return new URLSearchParams(given).toString()
}
