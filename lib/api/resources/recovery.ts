import { env } from '../../env'
import { eventTypes } from '../../events/event-types'
import { done, missing } from '../../form-result'
import { countRange } from '../../recovery/count-range'
import { changeJob, listJobs, type ShownJob, startRecovery, startReplay } from '../../recovery/recovery-jobs'
import { listReplaySchema, paces, recoverySchema, usualPace } from '../../recovery/recovery-schema'
import { readRecoveryWebhook } from '../../recovery/recovery-webhook'
import { replayEvent } from '../../recovery/replay-event'
import { readId, showId } from '../../type-id'
import { gone as webhookGone } from '../../webhooks/update-webhook'
import { nameWebhooks } from '../../webhooks/webhook-records'
import * as z from '../../zod'
import {
  givenId,
  givenTime,
  pageOf,
  pageQuery,
  pathPart,
  shownId,
  shownTime,
  showTime,
  showTimeOrNull,
} from '../api-schemas'
import { findWebhook } from '../find-named'
import { type AccountCaller, type ApiRefusal, accountOperation, conflict, type Operation } from '../operation'
import { showReference, webhookPath, webhookReference } from '../webhook-schemas'

const tag = 'Recovery'
const off = conflict('The webhook is off. Turn it on first.')

const perMinute = z
  .union(paces.map((pace) => z.literal(pace)))
  .default(usualPace)
  .meta({
    description: 'Deliveries a minute; null: as fast as the endpoint takes them.',
    override: { type: ['integer', 'null'], enum: [...paces] },
  })

const jobSchema = z
  .object({
    id: shownId('recovery'),
    webhook: webhookReference,
    kind: z.enum(['failed', 'missed', 'replay']),
    since: shownTime,
    until: shownTime,
    state: z.enum(['running', 'paused', 'done', 'cancelled']),
    reason: z.enum(['off', 'deleted']).nullable().meta({ description: 'Why the hub paused or cancelled it.' }),
    perMinute: z.int().nullable(),
    expected: z.int().nullable(),
    reached: shownTime.nullable().meta({ description: 'The time of the last event that it has worked off.' }),
    queued: z.int(),
    leftOut: z.int().meta({ description: 'What it found and could not send.' }),
    createdAt: shownTime,
  })
  .meta({ id: 'RecoveryJob' })

async function show({ db, accountId }: AccountCaller, jobs: ShownJob[]): Promise<z.input<typeof jobSchema>[]> {
  const named = await nameWebhooks(
    db,
    accountId,
    jobs.map(({ webhookId }) => webhookId),
  )
  return jobs.flatMap(({ id, webhookId, webhookName: _, since, until, reached, createdAt, ...job }) => {
    const webhook = named.get(webhookId)
    if (!webhook) return []
    return {
      ...job,
      id: showId('recovery', id),
      webhook: showReference(webhook),
      since: showTime(since),
      until: showTime(until),
      reached: showTimeOrNull(reached),
      createdAt: showTime(createdAt),
    }
  })
}

/** The jobs of these ids, or why none was started. */
async function started(caller: AccountCaller, ids: string[] | 'off' | 'gone') {
  if (ids === 'gone') return webhookGone
  if (ids === 'off') return off
  const jobs = await listJobs(caller.db, caller.accountId, undefined, { limit: 100 })
  const own = jobs.filter(({ id }) => ids.includes(id))
  return done({ data: await show(caller, own), next: null })
}

/** The ids of webhooks that a request names; the refusal when one is unknown. */
async function findAll({ db, accountId }: AccountCaller, names: string[]): Promise<string[] | ApiRefusal> {
  const ids: string[] = []
  for (const [index, name] of names.entries()) {
    const id = await findWebhook(db, accountId, name)
    if (!id) return { ok: false, errors: [{ field: `webhooks.${index}`, message: 'There is no such webhook.' }] }
    ids.push(id)
  }
  return ids
}

const webhookNames = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(20)
  .meta({ description: 'Ids of webhooks, or the platform’s own ids of them.' })

const range = { since: givenTime, until: givenTime }
const exampleRange = { since: '2026-11-20T00:00:00Z', until: '2026-11-21T00:00:00Z' }

const change = (id: string, verb: string, state: 'running' | 'paused' | 'cancelled', summary: string) =>
  accountOperation({
    id,
    method: 'post',
    path: `/recoveries/{recovery}/${verb}`,
    tag,
    scope: 'manage',
    summary,
    params: z.object({ recovery: pathPart('The id of the job.', 'rcv_01jdv3k8x2e5tazw0r7m6cq4bn') }),
    async run({ db, accountId }, { params }) {
      const jobId = readId('recovery', params.recovery)
      const changed = jobId && (await changeJob(db, accountId, null, jobId, state))
      return changed ? done(undefined) : missing('There is no such job, or it is in no state for that.')
    },
  })

export const recoveryOperations: Operation[] = [
  accountOperation({
    id: 'countRecoverable',
    method: 'get',
    path: '/webhooks/{webhook}/recoverable',
    tag,
    scope: 'read',
    summary: 'Count what of a time range failed or was missed',
    params: webhookPath,
    query: z.strictObject(range),
    answer: z.object({
      failed: z.array(z.object({ day: shownTime, reason: z.string(), count: z.int() })),
      missed: z.array(z.object({ day: shownTime, reason: z.string(), count: z.int() })),
      countedTo: shownTime
        .nullable()
        .meta({ description: 'Where the count of missed ones ended before the range did.' }),
      keptSince: shownTime.meta({ description: 'What came before this is kept too short a time to be recovered.' }),
    }),
    async run({ db, accountId }, { params, query }) {
      const id = await findWebhook(db, accountId, params.webhook)
      const webhook = id && (await readRecoveryWebhook(db, accountId, id, env().HEARBACK_URL))
      if (!webhook) return webhookGone
      const counted = await countRange(db, webhook, { sinceMs: query.since, untilMs: query.until, offsetMs: 0 })
      const days = (rows: { day: number; reason: string; n: number }[]) =>
        rows.map(({ day, reason, n }) => ({ day: showTime(day), reason, count: n }))
      return done({
        failed: days(counted.failed),
        missed: days(counted.missed),
        countedTo: showTimeOrNull(counted.countedTo),
        keptSince: showTime(counted.keptSince),
      })
    },
  }),
  accountOperation({
    id: 'recoverWebhook',
    method: 'post',
    path: '/webhooks/{webhook}/recoveries',
    tag,
    scope: 'manage',
    summary: 'Recover what failed or was missed of a time range',
    description: 'Starts a job for each kind. Count first: `countRecoverable`.',
    params: webhookPath,
    body: z.strictObject({
      ...range,
      kinds: z
        .array(z.enum(['failed', 'missed']))
        .min(1)
        .default(['failed']),
      perMinute,
    }),
    examples: { failed: exampleRange },
    answer: pageOf(jobSchema),
    status: 202,
    idempotent: true,
    async run(caller, { params, body: { kinds, ...given } }) {
      const { db, accountId } = caller
      const webhookId = await findWebhook(db, accountId, params.webhook)
      const webhook = webhookId && (await readRecoveryWebhook(db, accountId, webhookId, env().HEARBACK_URL))
      if (!webhookId || !webhook) return webhookGone
      const counted = await countRange(db, webhook, { sinceMs: given.since, untilMs: given.until, offsetMs: 0 })
      const sum = (rows: { n: number }[]) => rows.reduce((total, { n }) => total + n, 0)
      const expected = Object.fromEntries(kinds.map((kind) => [kind, sum(counted[kind])]))
      const parsed = recoverySchema.safeParse({ ...given, webhookId, expected })
      if (!parsed.success) return invalidRange(parsed.error)
      return started(caller, await startRecovery(db, accountId, null, parsed.data))
    },
  }),
  accountOperation({
    id: 'replayEvents',
    method: 'post',
    path: '/replays',
    tag,
    scope: 'manage',
    summary: 'Replay the events of a time range to chosen webhooks',
    description: 'New deliveries with new ids, rendered now, whatever the rules say. Starts a job for each webhook.',
    body: z.strictObject({
      webhooks: webhookNames,
      ...range,
      type: z.enum(eventTypes).optional(),
      source: givenId('source').optional(),
      subject: z.string().max(255).optional(),
      perMinute,
    }),
    examples: { day: { webhooks: ['crm-low-ratings'], ...exampleRange } },
    answer: pageOf(jobSchema),
    status: 202,
    idempotent: true,
    async run(caller, { body: { webhooks, type, source: sourceId, subject, ...given } }) {
      const webhookIds = await findAll(caller, webhooks)
      if ('ok' in webhookIds) return webhookIds
      const parsed = listReplaySchema.safeParse({ ...given, webhookIds, filter: { type, sourceId, subject } })
      if (!parsed.success) return invalidRange(parsed.error)
      return started(caller, await startReplay(caller.db, caller.accountId, null, parsed.data))
    },
  }),
  accountOperation({
    id: 'replayEvent',
    method: 'post',
    path: '/events/{event}/replay',
    tag,
    scope: 'manage',
    summary: 'Replay one event to chosen webhooks',
    params: z.object({ event: pathPart('The id of the event.', 'evt_01jdv3k8x2e5tazw0r7m6cq4bn') }),
    body: z.strictObject({ webhooks: webhookNames }),
    examples: { one: { webhooks: ['crm-low-ratings'] } },
    answer: z.object({
      made: z.int().meta({ description: 'How many deliveries were made.' }),
      unsent: z.array(z.string()).meta({ description: 'Names of webhooks whose format sends nothing for this event.' }),
    }),
    status: 202,
    idempotent: true,
    async run(caller, { params, body }) {
      const eventId = readId('event', params.event)
      if (!eventId) return missing('There is no such event.')
      const webhookIds = await findAll(caller, body.webhooks)
      if ('ok' in webhookIds) return webhookIds
      const replayed = await replayEvent(caller.db, caller.accountId, null, eventId, webhookIds)
      if (replayed.outcome === 'gone') return missing('There is no such event, or its customer was erased.')
      if (replayed.outcome === 'off') return conflict(`“${replayed.names[0]}” is off. Turn it on, or leave it out.`)
      return done({ made: replayed.made, unsent: replayed.unsent })
    },
  }),
  accountOperation({
    id: 'listRecoveries',
    method: 'get',
    path: '/recoveries',
    tag,
    scope: 'read',
    summary: 'List recovery and replay jobs, newest first',
    query: pageQuery('recovery').extend({ webhook: z.string().max(200).optional() }),
    answer: pageOf(jobSchema),
    async run(caller, { query: { limit, after, webhook } }) {
      const { db, accountId } = caller
      const webhookId = webhook === undefined ? undefined : await findWebhook(db, accountId, webhook)
      if (webhook !== undefined && !webhookId) return webhookGone
      const jobs = await listJobs(db, accountId, webhookId, { after, limit: limit + 1 })
      const data = await show(caller, jobs.slice(0, limit))
      return done({ data, next: jobs.length > limit ? showId('recovery', (jobs[limit - 1] as ShownJob).id) : null })
    },
  }),
  change('pauseRecovery', 'pause', 'paused', 'Pause a job'),
  change('continueRecovery', 'continue', 'running', 'Continue a paused job'),
  change('cancelRecovery', 'cancel', 'cancelled', 'Cancel a job: what it has queued stays queued'),
]

function invalidRange(error: z.ZodError): ApiRefusal {
  return { ok: false, errors: error.issues.map(({ path, message }) => ({ field: path.join('.'), message })) }
}
