import type pg from 'pg'
import { revokedKeys } from '../../accounts/api-key-check'
import { hubTime } from '../../db/ids'
import type { SourceRecord } from '../../events/event-record'
import { type AccountConfig, recallConfigs } from './account-config'
import type { Arrival, IngestResult } from './arrival'

// What each try to ingest a group begins with and ends with, however the group is stored (ingest-group.ts).

/** One try to ingest a group. `results`: those of events that are refused so far. */
export type Attempt = {
  arrivals: Arrival[]
  results: IngestResult[]
  configs: Map<string, AccountConfig>
  triggeredAt: string
  /** By this process's monotonic clock. */
  began: number
}

/** Recalls the configurations of a group, and refuses what came with a revoked key. */
export async function beginAttempt(client: pg.ClientBase, arrivals: Arrival[]): Promise<Attempt> {
  const began = performance.now()
  const configs = await recallConfigs(client, [...new Set(arrivals.map(({ accountId }) => accountId))])
  const results = new Array<IngestResult>(arrivals.length)
  await refuseRevoked(client, arrivals, configs, results)
  return { arrivals, results, configs, triggeredAt: new Date(hubTime()).toISOString(), began }
}

/** An arrival that is neither refused nor known, with its place in the group. */
export type Accepted = Arrival & { place: number; eventId: string; source: SourceRecord }

/** The arrivals that have no result yet. */
export const acceptedOf = (
  { arrivals, results }: Attempt,
  eventIds: (string | undefined)[],
  sources: (SourceRecord | undefined)[],
) =>
  arrivals.flatMap((arrival, place): Accepted[] =>
    results[place]
      ? []
      : [{ ...arrival, place, eventId: eventIds[place] as string, source: sources[place] as SourceRecord }],
  )

async function refuseRevoked(
  client: pg.ClientBase,
  arrivals: Arrival[],
  configs: Map<string, AccountConfig>,
  results: IngestResult[],
) {
  const keys = new Set(arrivals.flatMap(({ key }) => key ?? []))
  const revoked = await revokedKeys(client, [...keys], configs)
  if (revoked.size === 0) return
  arrivals.forEach(({ key }, i) => {
    if (key && revoked.has(key)) results[i] = { code: 'key_revoked', message: 'This API key was revoked.', path: '' }
  })
}

/** Gives duplicates within the group the result of the event that they repeat. */
export function answerDuplicates(eventIds: (string | undefined)[], results: IngestResult[]) {
  const first = new Map<string, IngestResult>()
  eventIds.forEach((id, i) => {
    const own = results[i]
    if (!id || !own || 'code' in own) return
    const earlier = first.get(id)
    if (!earlier) first.set(id, own)
    else if ('eventId' in earlier) results[i] = { ...earlier, duplicate: true }
  })
}
