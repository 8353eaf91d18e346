import { and, desc, eq, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { keptHistory } from '../db/history-range'
import { events } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import type { EventRecord } from '../events/event-record'
import { type EventType, eventTypes } from '../events/event-types'
import { compileOnlyIf } from '../events/only-if'
import { formatKeys } from '../formats/format'
import { formats } from '../formats/formats'
import { match } from '../pipeline/ingest/match'
import { nextSlice, sliceIsOver } from '../slices'
import * as z from '../zod'
import { onlyIfListSchema } from './only-if-schema'
import { conditionSchema, formSourcesSchema } from './webhook-schema'

const judgedAtMost = 500
/** An event may have 256 KiB: of large ones a preview judges fewer. */
const bytesAtMost = 2_000_000

export type PreviewEvent = {
  id: string
  /** When the hub accepted it, in milliseconds. */
  at: number
  type: EventType
  /** "service 2, product 5/4, NPS 6, red", or '' when nothing was rated. */
  ratings: string
}

/** What of a form decides which events it is told of. */
export const draftSchema = z.object({
  format: z.enum(formatKeys),
  events: z.array(z.enum(eventTypes)).min(1),
  condition: conditionSchema,
  onlyIf: onlyIfListSchema.default([]),
  sources: formSourcesSchema,
})
export type Draft = z.output<typeof draftSchema>

export type Preview = {
  judged: number
  matched: PreviewEvent[]
  /** Compared with the rule as it is saved: how many that one matches, and what the draft matches more and fewer. */
  saved?: { matched: number; more: PreviewEvent[]; fewer: PreviewEvent[] }
}

/**
 * Which of the last events a draft would have matched, newest first: of 500, or of as many as have 2 MB together. Judged
 * by match.ts, as ingest does, with what each event gave, added or changed when it came in. `saved`: the rule to compare with.
 */
export async function previewRule(db: Queryable, accountId: string, draft: Draft, saved?: Draft): Promise<Preview> {
  const [judged, before] = [judgeOf(draft), saved && judgeOf(saved)]
  const rows = await readLatest(db, accountId)
  const preview: Preview = { judged: rows.length, matched: [] }
  if (before) preview.saved = { matched: 0, more: [], fewer: [] }
  for (const { id, data, parts } of rows) {
    if (sliceIsOver()) await nextSlice()
    // What was erased is no JSON any more: it counts, and matches nothing.
    if (!data.startsWith('{')) continue
    const event = JSON.parse(data) as EventRecord
    const [now, then] = [match(event, parts, judged) === 'matched', before && match(event, parts, before) === 'matched']
    if (!now && !then) continue
    const line: PreviewEvent = { id, at: timeOfId(id), type: event.type, ratings: ratingWords(event) }
    if (now) preview.matched.push(line)
    if (!preview.saved) continue
    if (then) preview.saved.matched++
    if (now !== then) (now ? preview.saved.more : preview.saved.fewer).push(line)
  }
  return preview
}

/** A draft as match.ts judges events by it. */
const judgeOf = ({ format, events: types, condition, onlyIf, sources }: Draft) => ({
  enabled: true,
  format: formats[format],
  rule: { events: types, condition },
  onlyIf: compileOnlyIf(onlyIf),
  sources: sources.kind === 'all' ? null : new Set(sources.ids),
})

function readLatest(db: Queryable, accountId: string) {
  const latest = db
    .select({ id: events.id, data: events.data, parts: events.parts })
    .from(events)
    .where(and(eq(events.accountId, accountId), keptHistory(events.id)))
    .orderBy(desc(events.id))
    .limit(judgedAtMost)
    .as('latest')
  // PostgreSQL knows how long a text is without reading it.
  const bytes = sql<number>`sum(octet_length(${latest.data})) over (order by ${latest.id} desc)`.as('bytes')
  const sized = db.select({ id: latest.id, data: latest.data, parts: latest.parts, bytes }).from(latest).as('sized')
  return db
    .select({ id: sized.id, data: sized.data, parts: sized.parts })
    .from(sized)
    .where(lte(sized.bytes, bytesAtMost))
    .orderBy(desc(sized.id))
}

function ratingWords({ feedback }: EventRecord): string {
  const products = (feedback?.products ?? []).flatMap(({ rating }) => rating ?? [])
  return [
    feedback?.service?.rating !== undefined && `service ${feedback.service.rating}`,
    products.length > 0 && `product ${[...new Set(products)].join('/')}`,
    feedback?.nps && `NPS ${feedback.nps.score}`,
    feedback?.temperature,
  ]
    .filter(Boolean)
    .join(', ')
}
