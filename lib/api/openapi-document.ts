import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { version } from '../version'
import * as z from '../zod'
import { problemSchema } from './api-schemas'
import { ingestOperation } from './ingest-operation'
import { type Operation, type Scope, tags } from './operation'
import { operations } from './operations'
import { outgoingCalls } from './outgoing-calls'

// The OpenAPI document, made from the table of operations and their schemas.

const scopeWords: Record<Scope, string> = {
  public: 'Needs no key.',
  read: 'Needs an API key with the scope `read` or `manage`.',
  manage: 'Needs an API key with the scope `manage`.',
  operator: 'Needs the operator’s key.',
}

const problems: Record<number, string> = {
  400: 'The request is malformed.',
  401: 'There is no valid API key.',
  403: 'The API key has not the scope.',
  404: 'There is no such thing in this account.',
  409: 'The present state, or another request with this Idempotency-Key, does not allow it.',
  412: 'It is not in the state that If-Match names.',
  413: 'The body is too large.',
  415: 'The body is not JSON in UTF-8.',
  422: 'A field is not valid. `errors` names each.',
  429: 'Too many requests.',
  500: 'The hub could not answer.',
  503: 'The database or the process that answers is away.',
}

const retryAfter = {
  'retry-after': { schema: { type: 'integer' as const }, description: 'Seconds until the next attempt.' },
}

const makeProblem = (status: number) => ({
  id: `Problem${status}`,
  description: problems[status] as string,
  content: { 'application/problem+json': { schema: problemSchema } },
  ...(status === 429 || status === 503 ? { headers: retryAfter } : {}),
})

const problemAnswers = Object.fromEntries(Object.keys(problems).map((status) => [status, makeProblem(Number(status))]))

function statusesOf({ scope, params, query, body, idempotent, etag, method }: Operation): number[] {
  const change = method !== 'get'
  return [
    ...(query || body ? [400] : []),
    ...(scope === 'public' ? [] : [401, 403]),
    ...(params || scope !== 'public' ? [404] : []),
    ...(change ? [409] : []),
    ...(etag && change && !idempotent ? [412] : []),
    ...(body ? [413, 415] : []),
    ...(change ? [422] : []),
    429,
    500,
    503,
  ]
}

function headersOf({ idempotent, etag, method }: Operation): z.ZodObject | undefined {
  const idempotencyKey = z.string().min(1).max(255).optional().meta({
    description: 'A request with the same key and content gets the first one’s answer for 24 hours.',
  })
  const ifMatch = z
    .string()
    .optional()
    .meta({ description: 'The ETag that was read: the change is refused if it is another now.' })
  if (idempotent) return z.object({ 'Idempotency-Key': idempotencyKey })
  return etag && method !== 'get' ? z.object({ 'If-Match': ifMatch }) : undefined
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, scope, summary, description, params, query, body, bodyOptional, examples, answer } = operation
  const etagHeader = operation.etag
    ? { headers: { etag: { schema: { type: 'string' as const }, description: 'Names this state.' } } }
    : {}
  const header = headersOf(operation)
  const success = answer
    ? { description: 'Done.', content: { 'application/json': { schema: answer } }, ...etagHeader }
    : { description: 'Done.' }
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, scopeWords[scope]].filter(Boolean).join('\n\n'),
    security:
      scope === 'public' ? [] : scope === 'operator' ? [{ operatorKey: [] }] : [{ apiKey: [] }, { operatorKey: [] }],
    requestParams: {
      ...(params && { path: params as z.ZodObject }),
      ...(query && { query: query as z.ZodObject }),
      ...(header && { header }),
    },
    requestBody: body && {
      required: !bodyOptional,
      content: {
        'application/json': {
          schema: body,
          examples: examples && Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
        },
      },
    },
    responses: {
      [answer ? String(operation.status ?? 200) : '204']: success,
      ...Object.fromEntries(
        statusesOf(operation).map((status) => [
          String(status),
          problemAnswers[status] as ReturnType<typeof makeProblem>,
        ]),
      ),
    },
  }
}

function paths(): ZodOpenApiPathsObject {
  const all: ZodOpenApiPathsObject = {}
  for (const operation of operations)
    all[operation.path] = { ...all[operation.path], [operation.method]: describe(operation) }
  all['/events'] = { ...all['/events'], post: ingestOperation }
  return all
}

/** The document. `hubUrl`: the hub's public address. */
export const openApiDocument = (hubUrl: string) =>
  createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Hearback',
        version,
        description:
          'The webhook hub of a customer-feedback platform. Lists are in pages: pass the `next` of one as `after`. Errors ' +
          'are problem details (RFC 9457), with a path for each field.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [
        { url: `${hubUrl}/api/v1`, description: 'With an API key: the account that it belongs to.' },
        {
          url: `${hubUrl}/api/v1/accounts/{account}`,
          description: 'With the operator’s key: any account. Operations below /accounts have the first address.',
          variables: {
            account: { default: 'quay', description: 'The id of the account, or the platform’s own id of it.' },
          },
        },
      ],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      paths: paths(),
      webhooks: outgoingCalls(),
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of an account, from Settings › API.' },
          operatorKey: { type: 'http', scheme: 'bearer', description: 'The operator’s key: HEARBACK_OPERATOR_KEY.' },
        },
      },
    },
    { allowEmptySchema: { custom: true, transform: true } },
  )
