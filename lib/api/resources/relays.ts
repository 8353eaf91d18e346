import type pg from 'pg'
import { env } from '../../env'
import { done, missing } from '../../form-result'
import { formatKeys } from '../../formats/format'
import { openTargets } from '../../pipeline/deliver/targets'
import { closeRelay } from '../../relays/close-relay'
import { keepRelay, openRelay, relayEndsAfterS, relayTimeoutS } from '../../relays/open-relay'
import { recordAnswer } from '../../relays/record-answer'
import { answerSchema, relaySchema } from '../../relays/relay-schema'
import { type Pipeline, takeCalls } from '../../relays/take-calls'
import { readId, showId } from '../../type-id'
import { lockAccount } from '../../webhooks/account-lock'
import { urlPolicyOf } from '../../webhooks/form-context'
import * as z from '../../zod'
import { pathPart, shownId } from '../api-schemas'
import { type AccountCaller, type ApiResult, accountOperation, conflict, type Operation } from '../operation'

// What `hearback listen` asks. docs/decisions/018-relays.md says why it is this way.

const tag = 'Relays'
const gone = missing('There is no such relay: it was closed, or was not heard of for a minute.')
/** A stop of the hub waits for requests that run: none may wait for long. */
const waitAtMostS = 5

const relayPath = z.object({
  relay: pathPart('The id of the relay, which is its webhook’s.', 'whk_01jdv3k8x2e5tazw0r7m6cq4bn'),
})

const relayShown = z
  .object({
    id: shownId('webhook'),
    name: z.string(),
    format: z.enum(formatKeys),
    secret: z.string().nullable().meta({ description: 'Signs its calls. It is not answered again. null: not signed.' }),
    endsAfterSeconds: z.int().meta({ description: 'It is closed when nobody asked for its calls for so long.' }),
    timeoutSeconds: z.int().meta({ description: 'The deadline of each call.' }),
  })
  .meta({ id: 'Relay' })

const takenCall = z
  .object({
    call: z.string().meta({ description: 'Names the call in its answer. Only the hub can read it.' }),
    delivery: shownId('delivery'),
    attempt: z.int(),
    timeoutMs: z.int(),
    headers: z
      .array(z.string())
      .meta({ description: 'Name, value, name, value, … in the order in which to send them.' }),
    body: z.string(),
  })
  .meta({ id: 'RelayedCall' })

const pipelines = new WeakMap<pg.Pool, Pipeline>()

/** One cache of webhooks for each pool. It opens no connection to a receiver: the calls are made elsewhere. */
function pipelineOf({ db: { $client: db } }: AccountCaller): Pipeline {
  const kept = pipelines.get(db)
  if (kept) return kept
  const made = { db, targets: openTargets(db, urlPolicyOf(env())) }
  pipelines.set(db, made)
  return made
}

/** Runs `act` with the webhook's id. `gone`: the address names no relay. */
async function ofRelay<T>(
  { accountId }: AccountCaller,
  name: string,
  act: (relay: { accountId: string; webhookId: string }) => Promise<ApiResult<T>>,
): Promise<ApiResult<T>> {
  const webhookId = readId('webhook', name)
  return webhookId ? act({ accountId, webhookId }) : gone
}

export const relayOperations: Operation[] = [
  accountOperation({
    id: 'openRelay',
    method: 'post',
    path: '/relays',
    tag,
    scope: 'manage',
    summary: 'Open a relay',
    description: 'Its calls are made by who asks for them. An account has ten at most.',
    body: relaySchema,
    bodyOptional: true,
    examples: { everything: {}, reviews: { format: 'reviews', events: ['feedback.created'] } },
    answer: relayShown,
    status: 201,
    async run({ db, accountId }, { body }) {
      const opened = await openRelay(db, accountId, body)
      if (!opened.ok) return conflict(opened.errors[0]?.message ?? '')
      const { webhookId, name, secret } = opened.value
      const limits = { endsAfterSeconds: relayEndsAfterS, timeoutSeconds: relayTimeoutS }
      return done({ id: showId('webhook', webhookId), name, format: body.format, secret, ...limits })
    },
  }),
  accountOperation({
    id: 'takeRelayedCalls',
    method: 'get',
    path: '/relays/{relay}/calls',
    tag,
    scope: 'manage',
    summary: 'Take up to ten calls to make, and keep the relay open',
    description: 'Send the headers and the body as they are, and answer within the deadline and fifteen seconds.',
    params: relayPath,
    query: z.strictObject({
      wait: z.coerce
        .number<string>()
        .min(0)
        .max(waitAtMostS)
        .default(0)
        .meta({
          description: 'For how many seconds to wait for one.',
          override: { type: 'number', minimum: 0, maximum: waitAtMostS },
        }),
    }),
    answer: z.object({ calls: z.array(takenCall) }),
    run: (caller, { params, query, signal }) =>
      ofRelay(caller, params.relay, async (relay) => {
        if (!(await keepRelay(caller.db, relay.accountId, relay.webhookId))) return gone
        return done({ calls: await takeCalls(pipelineOf(caller), relay, query.wait * 1000, signal) })
      }),
  }),
  accountOperation({
    id: 'answerRelayedCall',
    method: 'post',
    path: '/relays/{relay}/answers',
    tag,
    scope: 'manage',
    summary: 'Say what became of a call: it is recorded as the call of its delivery',
    params: relayPath,
    body: answerSchema,
    run: (caller, { params, body }) =>
      ofRelay(caller, params.relay, async (relay) => {
        switch (await recordAnswer(pipelineOf(caller), relay, body)) {
          case 'recorded':
            return done(undefined)
          case 'over':
            return conflict('This call was recorded already, was cancelled, or its time was over.')
          case 'unknown':
            return missing('This relay was given no such call.')
        }
      }),
  }),
  accountOperation({
    id: 'closeRelay',
    method: 'delete',
    path: '/relays/{relay}',
    tag,
    scope: 'manage',
    summary: 'Close a relay: what waits for it is cancelled',
    params: relayPath,
    run: (caller, { params }) =>
      ofRelay(caller, params.relay, ({ accountId, webhookId }) =>
        caller.db.transaction(async (tx) => {
          await lockAccount(tx, accountId)
          return (await closeRelay(tx, accountId, webhookId)) === undefined ? gone : done(undefined)
        }),
      ),
  }),
]
