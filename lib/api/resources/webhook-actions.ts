import { callFailures } from '../../calls/failure'
import { hubTime } from '../../db/ids'
import { tryNow } from '../../deliveries/try-now'
import { triedNowResult } from '../../deliveries/words'
import { eventSchema } from '../../events/event-schema'
import { done, refused } from '../../form-result'
import { fireStored } from '../../test-fires/test-fire-form'
import { showId } from '../../type-id'
import { holdSchema } from '../../webhooks/hold-schema'
import { endOverlap, rotateSecret } from '../../webhooks/rotate-secret'
import { overlapAtMostHours, overlapUsualHours, rotationSchema } from '../../webhooks/rotation-schema'
import { readShownState } from '../../webhooks/shown-state'
import { revealSigningSecret } from '../../webhooks/signing-secret'
import { versionInForce } from '../../webhooks/stored-content'
import { holdWebhook, releaseWebhook, type SwitchResult, switchWebhook } from '../../webhooks/switch-webhook'
import { gone } from '../../webhooks/update-webhook'
import { readWebhookRecord } from '../../webhooks/webhook-records'
import { readWebhookState } from '../../webhooks/webhook-state'
import * as z from '../../zod'
import { refusedAsConflict } from '../answer'
import { shownId, shownTime, showTime, showTimeOrNull } from '../api-schemas'
import { findWebhook } from '../find-named'
import { nextCallSchema, showNextCall } from '../next-call'
import { type AccountCaller, type ApiResult, accountOperation, conflict, type Operation } from '../operation'
import { showWebhook, webhookPath, webhookSchema } from '../webhook-schemas'

// What is done with a webhook: switched, test-fired, tried, its secret rotated; and its live state.

const tag = 'Webhooks'

const stateSchema = z
  .object({
    kind: z.enum(['on', 'held', 'retrying', 'probing', 'turned-off', 'off']),
    since: shownTime.meta({
      description: 'Since when it is so; of one that fails, its first failure since a success.',
    }),
    failures: z.int().meta({ description: 'Failed calls in a row.' }),
    next: nextCallSchema.nullable().meta({ description: 'What its next call waits for. null: it is off.' }),
    waiting: z.object({
      count: z.int(),
      more: z.boolean().meta({ description: 'There may be more: not the whole queue was read.' }),
      oldest: shownTime.nullable(),
      underWay: z.int(),
    }),
  })
  .meta({ id: 'WebhookState' })

const testFireSchema = z
  .object({
    call: shownId('call'),
    passed: z.boolean().meta({ description: 'The receiver answered with a success.' }),
    status: z.int().nullable(),
    failure: z.enum(callFailures).nullable(),
    detail: z.string().nullable(),
    durationMs: z.number(),
    responseBody: z.string(),
  })
  .meta({ id: 'TestFire' })

/** Finds the webhook of the address, changes its switch and answers it as it is then. */
async function switched(
  caller: AccountCaller,
  name: string,
  change: (webhookId: string) => Promise<SwitchResult>,
): Promise<ApiResult<z.input<typeof webhookSchema> & { cancelled: number }>> {
  const { db, accountId } = caller
  const webhookId = await findWebhook(db, accountId, name)
  if (!webhookId) return gone
  const result = await change(webhookId)
  const record = await readWebhookRecord(db, accountId, webhookId)
  if (result.outcome === 'gone' || !record) return gone
  return done({ ...showWebhook(record, true), cancelled: result.cancelled })
}

const switchedSchema = webhookSchema
  .extend({ cancelled: z.int().meta({ description: 'How many queued deliveries were cancelled.' }) })
  .meta({ id: 'SwitchedWebhook' })

export const webhookActions: Operation[] = [
  accountOperation({
    id: 'getWebhookState',
    method: 'get',
    path: '/webhooks/{webhook}/state',
    tag,
    scope: 'read',
    summary: 'Read how a webhook is doing now',
    params: webhookPath,
    answer: stateSchema,
    async run({ db, accountId }, { params }) {
      const webhookId = await findWebhook(db, accountId, params.webhook)
      const state = webhookId && (await readShownState(db, accountId, webhookId))
      if (!state) return gone
      const { kind, since, failures, next, waiting } = state
      return done({
        kind,
        since: showTime(since),
        failures,
        next: next && showNextCall(next),
        waiting: { ...waiting, oldest: showTimeOrNull(waiting.oldest) },
      })
    },
  }),
  accountOperation({
    id: 'turnOnWebhook',
    method: 'post',
    path: '/webhooks/{webhook}/on',
    tag,
    scope: 'manage',
    summary: 'Turn a webhook on, or end its hold',
    params: webhookPath,
    answer: switchedSchema,
    run: (caller, { params }) =>
      switched(caller, params.webhook, async (id) => {
        const { db, accountId } = caller
        const held = (await readWebhookState(db, accountId, id))?.heldAt
        return held ? releaseWebhook(db, accountId, null, id) : switchWebhook(db, accountId, null, id, true)
      }),
  }),
  accountOperation({
    id: 'holdWebhook',
    method: 'post',
    path: '/webhooks/{webhook}/hold',
    tag,
    scope: 'manage',
    summary: 'Hold a webhook: its deliveries wait and nothing is called',
    params: webhookPath,
    body: z.strictObject({
      until: z.iso
        .datetime({ offset: true })
        .optional()
        .meta({ description: 'When the hold ends by itself, within 30 days. Absent: when it is turned on.' }),
    }),
    bodyOptional: true,
    examples: { untilReleased: {} },
    answer: switchedSchema,
    run: async (caller, { params, body }) => {
      const parsed = holdSchema(hubTime()).safeParse({ until: body.until ?? '' })
      if (!parsed.success) return refused(parsed.error.issues[0]?.message ?? '', 'until')
      const { db, accountId } = caller
      return switched(caller, params.webhook, (id) => holdWebhook(db, accountId, null, id, parsed.data.until))
    },
  }),
  accountOperation({
    id: 'turnOffWebhook',
    method: 'post',
    path: '/webhooks/{webhook}/off',
    tag,
    scope: 'manage',
    summary: 'Turn a webhook off: what is queued for it is cancelled',
    params: webhookPath,
    answer: switchedSchema,
    run: (caller, { params }) =>
      switched(caller, params.webhook, (id) => switchWebhook(caller.db, caller.accountId, null, id, false)),
  }),
  accountOperation({
    id: 'testFireWebhook',
    method: 'post',
    path: '/webhooks/{webhook}/test-fire',
    tag,
    scope: 'manage',
    summary: 'Test-fire a webhook',
    description: 'One call with a sample event, or with the event of the body. At most ten a minute for an account.',
    params: webhookPath,
    body: z.strictObject({
      event: eventSchema.optional().meta({ description: 'Absent: a sample of the first event of its rule.' }),
    }),
    bodyOptional: true,
    examples: { sample: {} },
    answer: testFireSchema,
    async run({ db, accountId }, { params, body }) {
      const webhookId = await findWebhook(db, accountId, params.webhook)
      if (!webhookId) return gone
      const fired = await fireStored(db, accountId, webhookId, { event: body.event })
      if (!fired.ok) return fired
      const { callId, ...answer } = fired.value
      return done({ call: callId, ...answer })
    },
  }),
  accountOperation({
    id: 'tryWebhookNow',
    method: 'post',
    path: '/webhooks/{webhook}/try-now',
    tag,
    scope: 'manage',
    summary: 'Send the oldest waiting delivery of a webhook now',
    params: webhookPath,
    answer: z.object({ delivery: shownId('delivery') }),
    async run({ db, accountId }, { params }) {
      const webhookId = await findWebhook(db, accountId, params.webhook)
      const tried = webhookId && (await tryNow(db, accountId, null, webhookId))
      if (!tried || tried.outcome === 'gone') return gone
      if (tried.outcome === 'done') return done({ delivery: showId('delivery', tried.deliveryId) })
      return refusedAsConflict(triedNowResult(tried))
    },
  }),
  accountOperation({
    id: 'rotateWebhookSecret',
    method: 'post',
    path: '/webhooks/{webhook}/rotate-secret',
    tag,
    scope: 'manage',
    summary: 'Give a webhook a new signing secret',
    description:
      'Formats with several signatures sign with both until the overlap ends; formats with one switch at its end. The ' +
      'answer has the new secret, which is not answered again.',
    params: webhookPath,
    body: z.strictObject({
      secret: z
        .string()
        .optional()
        .meta({ description: 'The secret that the receiver has. Absent: one is generated.' }),
      overlapHours: z.int().min(0).max(overlapAtMostHours).default(overlapUsualHours),
    }),
    bodyOptional: true,
    examples: { generated: { overlapHours: 24 } },
    answer: z.object({ version: z.int(), secret: z.string() }),
    async run({ db, accountId }, { params, body }) {
      const webhookId = await findWebhook(db, accountId, params.webhook)
      const webhook = webhookId && (await versionInForce(db, accountId, webhookId))
      if (!webhookId || !webhook) return gone
      const { secret, overlapHours } = body
      const input = { entered: secret !== undefined, secret, overlapHours }
      const parsed = rotationSchema(webhook.format).safeParse(input)
      if (!parsed.success) return refused(parsed.error.issues[0]?.message ?? '', parsed.error.issues[0]?.path.join('.'))
      const rotated = await rotateSecret(db, { accountId, userId: null, webhookId, rotation: parsed.data })
      if (!rotated.ok) return rotated
      const { version } = rotated.value
      const made = await revealSigningSecret(db, accountId, null, webhookId, version)
      return made ? done({ version, secret: made.reveal() }) : conflict('It was rotated again at the same time.')
    },
  }),
  accountOperation({
    id: 'endSecretOverlap',
    method: 'post',
    path: '/webhooks/{webhook}/end-overlap',
    tag,
    scope: 'manage',
    summary: 'End the overlap of a rotation now: only the newest secret signs',
    params: webhookPath,
    answer: z.object({ ended: z.boolean().meta({ description: 'False: there was no overlap.' }) }),
    async run({ db, accountId }, { params }) {
      const webhookId = await findWebhook(db, accountId, params.webhook)
      return webhookId ? endOverlap(db, accountId, null, webhookId) : gone
    },
  }),
]
