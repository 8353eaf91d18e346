import type { Metadata } from '../accounts/account-limits'
import type { CheckedKey } from '../accounts/api-key-check'
import type { Database } from '../db/client'
import type { FormError } from '../form-result'
import type * as z from '../zod'

// One operation of the API: its address, who may call it, the schemas of what it takes and answers, and what it does. The
// router (open-api.ts), the OpenAPI document (openapi-document.ts) and the contract test all read the same table.

/**
 * Who may call an operation. `read` acts as a viewer and `manage`, which includes `read`, as an admin of the key's account.
 * `operator`: the operator's key alone, which may also call everything else. `public`: anyone.
 */
export type Scope = 'public' | 'read' | 'manage' | 'operator'

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
export type Method = (typeof methods)[number]

/** The groups of the reference. */
export const tags = {
  Webhooks: 'A URL, its rule, its format and its credentials.',
  Calls: 'HTTP requests that were made, test fires among them.',
  Deliveries: 'Events owed to a webhook.',
  Events: 'What happened, and why each webhook did or did not fire.',
  Relays: 'Temporary webhooks whose calls another machine takes, makes and answers for: `hearback listen`.',
  Recovery: 'Jobs that send what failed, was missed or is to be sent anew.',
  Sources: 'Where feedback is collected.',
  Keys: 'API keys, and the pre-shared key that calls carry.',
  Erasures: 'Requests to erase a customer.',
  Account: 'The account itself, its members, its audit log.',
  Accounts: 'Merchants’ workspaces, for the operator’s key.',
  Hub: 'The hub itself.',
} as const
export type Tag = keyof typeof tags

/** Who calls an operation of the hub itself. */
export type HubCaller = { db: Database }

/** Who calls an operation of an account. */
export type AccountCaller = HubCaller & {
  accountId: string
  /** False: URLs are cut to their host and answers are left out, as a viewer sees them. */
  wholeUrls: boolean
  /** What the caller may do: see `Scope`. */
  scope: Exclude<Scope, 'public'>
  /** Its key; undefined: the operator's. */
  key?: CheckedKey
}

/** Why an operation was not carried out. `status` is 422 when absent, or 404 with `missing`. */
export type ApiRefusal = { ok: false; errors: FormError[]; missing?: true; status?: 409 | 412 | 422 | 429 }
export type ApiResult<T> = { ok: true; value: T } | ApiRefusal

/** The refusal of what the present state does not allow. */
export const conflict = (message: string): ApiRefusal => ({ ok: false, errors: [{ message }], status: 409 })

/** The refusal of a change whose If-Match names another state. */
export const changedSince: ApiRefusal = {
  ok: false,
  errors: [{ message: 'It was changed since you read it: If-Match names another state. Read it again.' }],
  status: 412,
}

type Shape<Params, Query, Body, Answer> = {
  /** The operationId, in the form of a function's name. */
  id: string
  method: Method
  /** Below /api/v1, with parameters in braces. */
  path: string
  tag: Tag
  scope: Scope
  summary: string
  description?: string
  params?: z.ZodType<Params>
  query?: z.ZodType<Query>
  body?: z.ZodType<Body>
  /** A body is optional where every field of it is. */
  bodyOptional?: boolean
  /** Examples of bodies by name. A test sends each of them. */
  examples?: Record<string, unknown>
  /** Absent: nothing is answered, with status 204. */
  answer?: z.ZodType<Answer>
  /** Of a success; 200 when absent. */
  status?: 200 | 201 | 202
  /** It takes an Idempotency-Key. */
  idempotent?: boolean
  /** Its answer has an ETag; of a change, it takes If-Match. */
  etag?: boolean
  /** Its answer's Cache-Control; `no-store` when absent. */
  cacheControl?: string
}

/**
 * What an operation is given. `ifMatch`: the header of a change, which it must compare in its transaction. `signal` aborts
 * when the client is gone.
 */
export type Input<Params, Query, Body> = {
  params: Params
  query: Query
  body: Body
  ifMatch: string | null
  signal: AbortSignal
}

type Run<Caller, Params, Query, Body, Answer> = (
  caller: Caller,
  input: Input<Params, Query, Body>,
) => Promise<ApiResult<Answer>>

/** An operation of the table. */
export type Operation = Shape<unknown, unknown, unknown, unknown> &
  (
    | { of: 'account'; run: Run<AccountCaller, unknown, unknown, unknown, unknown> }
    | { of: 'hub'; run: Run<HubCaller, unknown, unknown, unknown, unknown> }
  )

/** Declares an operation of an account. */
export const accountOperation = <Params, Query, Body, Answer>(
  operation: Shape<Params, Query, Body, Answer> & { run: Run<AccountCaller, Params, Query, Body, Answer> },
): Operation => ({ of: 'account', ...operation }) as Operation

/** Declares an operation of the hub itself. */
export const hubOperation = <Params, Query, Body, Answer>(
  operation: Shape<Params, Query, Body, Answer> & { run: Run<HubCaller, Params, Query, Body, Answer> },
): Operation => ({ of: 'hub', ...operation }) as Operation

/** A webhook as other resources name it. */
export type WebhookReference = { id: string; externalId: string | null; name: string; metadata: Metadata }
