import { externalIdSchema } from '../../accounts/account-limits'
import {
  changePlatformAccount,
  createPlatformAccount,
  listAccountRecords,
  readAccountRecord,
} from '../../accounts/platform-account'
import type { Database } from '../../db/client'
import { done, missing, refused } from '../../form-result'
import { etagOf, namesEtag } from '../../http/etag'
import { suspendAccount } from '../../people/operator'
import * as z from '../../zod'
import { accountChange, accountPut, accountSchema, operatorChange, settingsOf, showAccount } from '../account-schemas'
import { pageOf, pageQuery, pathPart } from '../api-schemas'
import { findAccount } from '../find-named'
import { type ApiResult, accountOperation, changedSince, hubOperation, type Operation } from '../operation'

const tag = 'Accounts'
const gone = missing('There is no such account.')
const path = z.object({ account: pathPart('The id of the account, or the platform’s own id of it.', 'quay') })
const example = { name: 'Quay Ltd', metadata: { plan: 'team' }, limits: { webhooks: 20, eventsPerSecond: 50 } }

type Shown = z.input<typeof accountSchema>

async function change(
  db: Database,
  accountId: string | undefined,
  given: Partial<z.output<typeof operatorChange>>,
  ifMatch: string | null,
): Promise<ApiResult<Shown>> {
  if (!accountId) return gone
  const changed = await changePlatformAccount(db, accountId, settingsOf(given), (before) =>
    ifMatch !== null && !namesEtag(ifMatch, etagOf(showAccount(before))) ? changedSince : undefined,
  )
  return changed.ok ? done(showAccount(changed.value)) : changed
}

async function suspend(db: Database, name: string, suspended: boolean): Promise<ApiResult<Shown>> {
  const accountId = await findAccount(db, name)
  if (!accountId) return gone
  await suspendAccount(db, accountId, suspended)
  const record = await readAccountRecord(db, accountId)
  return record ? done(showAccount(record)) : gone
}

export const accountOperations: Operation[] = [
  hubOperation({
    id: 'listAccounts',
    method: 'get',
    path: '/accounts',
    tag,
    scope: 'operator',
    summary: 'List the accounts of the hub, oldest first',
    query: pageQuery('account'),
    answer: pageOf(accountSchema),
    async run({ db }, { query: { limit, after } }) {
      const rows = await listAccountRecords(db, { after, limit: limit + 1 })
      const data = rows.slice(0, limit).map(showAccount)
      return done({ data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null })
    },
  }),
  hubOperation({
    id: 'getAccountOf',
    method: 'get',
    path: '/accounts/{account}',
    tag,
    scope: 'operator',
    summary: 'Read an account',
    params: path,
    answer: accountSchema,
    etag: true,
    async run({ db }, { params }) {
      const id = await findAccount(db, params.account)
      const record = id && (await readAccountRecord(db, id))
      return record ? done(showAccount(record)) : gone
    },
  }),
  hubOperation({
    id: 'putAccount',
    method: 'put',
    path: '/accounts/{account}',
    tag,
    scope: 'operator',
    summary: 'Create an account under the platform’s own id, or change it',
    description:
      'What is left out stays, or has the value of a new account; `limits` and `metadata` are replaced as a whole. Nobody ' +
      'belongs to a new account: everything in it can be done with the operator’s key, and people are invited.',
    params: path,
    body: accountPut,
    examples: { full: example, short: { name: 'Quay Ltd' } },
    answer: accountSchema,
    etag: true,
    async run({ db }, { params: { account: name }, body, ifMatch }) {
      const id = await findAccount(db, name)
      if (id) return change(db, id, body, ifMatch)
      if (ifMatch !== null) return changedSince
      const own = externalIdSchema.safeParse(name)
      if (!own.success) return name.startsWith('acc_') ? gone : refused(own.error.issues[0]?.message ?? '', 'account')
      const created = await createPlatformAccount(db, name, { ...settingsOf(body), name: body.name })
      return created.ok ? done(showAccount(created.value)) : created
    },
  }),
  hubOperation({
    id: 'updateAccountOf',
    method: 'patch',
    path: '/accounts/{account}',
    tag,
    scope: 'operator',
    summary: 'Change an account and its limits',
    params: path,
    body: operatorChange,
    examples: { limits: { limits: { webhooks: 50 } } },
    answer: accountSchema,
    etag: true,
    run: async ({ db }, { params, body, ifMatch }) => change(db, await findAccount(db, params.account), body, ifMatch),
  }),
  hubOperation({
    id: 'suspendAccount',
    method: 'post',
    path: '/accounts/{account}/suspend',
    tag,
    scope: 'operator',
    summary: 'Suspend an account: nobody opens it, and its keys are refused',
    description: 'What is queued is still delivered, and nothing is deleted.',
    params: path,
    answer: accountSchema,
    run: ({ db }, { params }) => suspend(db, params.account, true),
  }),
  hubOperation({
    id: 'resumeAccount',
    method: 'post',
    path: '/accounts/{account}/resume',
    tag,
    scope: 'operator',
    summary: 'Open a suspended account again',
    params: path,
    answer: accountSchema,
    run: ({ db }, { params }) => suspend(db, params.account, false),
  }),
  accountOperation({
    id: 'getAccount',
    method: 'get',
    path: '/account',
    tag: 'Account',
    scope: 'read',
    summary: 'Read the account of the key',
    answer: accountSchema,
    etag: true,
    async run({ db, accountId }) {
      const record = await readAccountRecord(db, accountId)
      return record ? done(showAccount(record)) : gone
    },
  }),
  accountOperation({
    id: 'updateAccount',
    method: 'patch',
    path: '/account',
    tag: 'Account',
    scope: 'manage',
    summary: 'Change the settings of the account',
    body: accountChange,
    examples: { nps: { npsEnabled: true } },
    answer: accountSchema,
    etag: true,
    run: ({ db, accountId }, { body, ifMatch }) => change(db, accountId, body, ifMatch),
  }),
]
