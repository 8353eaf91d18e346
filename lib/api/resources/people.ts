import { readAccountRecord } from '../../accounts/platform-account'
import { roles } from '../../accounts/roles'
import { auditFilterSchema } from '../../audit/audit-filter'
import { readAuditLog } from '../../audit/audit-log'
import { done, missing } from '../../form-result'
import { mailInvitation } from '../../people/invitation-mail'
import { invite, listInvitations, withdrawInvitation } from '../../people/invitations'
import { changeRole, listMembers, removeMember } from '../../people/members'
import { invitationSchema } from '../../people/people-schema'
import * as z from '../../zod'
import { pageOf, pageQuery, pathPart, shownTime, showTime } from '../api-schemas'
import { accountOperation, type Operation } from '../operation'

// Members and the audit log. Who belongs to an account is for its owners to decide, on the screens, and for the operator: a
// manage key acts as an admin.

const tag = 'Account'

const memberSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    role: z.enum(roles),
    twoFactor: z.boolean(),
    joinedAt: shownTime,
  })
  .meta({ id: 'Member' })

const invitationAnswer = z
  .object({ id: z.string(), email: z.string(), role: z.enum(roles), createdAt: shownTime, expiresAt: shownTime })
  .meta({ id: 'Invitation' })

const memberPath = z.object({ member: pathPart('The id of the member.', '0192f0c4-8f7a-4b8e-9d1a-6f2f7d0f3f11') })
const noMember = missing('There is no such member.')

const auditEntry = z
  .object({
    id: z.string(),
    at: shownTime,
    who: z
      .string()
      .nullable()
      .meta({ description: 'A person’s address, or an API key. null: the hub or its operator.' }),
    address: z.string().nullable(),
    action: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' })

export const peopleOperations: Operation[] = [
  accountOperation({
    id: 'listMembers',
    method: 'get',
    path: '/members',
    tag,
    scope: 'read',
    summary: 'List the members in the order in which they joined',
    answer: pageOf(memberSchema),
    async run({ db, accountId }) {
      const members = await listMembers(db, accountId)
      const data = members.map(({ userId, joinedAt, ...member }) => ({
        ...member,
        id: userId,
        joinedAt: showTime(joinedAt),
      }))
      return done({ data, next: null })
    },
  }),
  accountOperation({
    id: 'changeMember',
    method: 'patch',
    path: '/members/{member}',
    tag,
    scope: 'operator',
    summary: 'Give a member another role',
    params: memberPath,
    body: z.strictObject({ role: z.enum(roles) }),
    examples: { admin: { role: 'admin' } },
    async run({ db, accountId }, { params, body }) {
      if (!z.uuid().safeParse(params.member).success) return noMember
      return changeRole(db, { accountId, by: null, userId: params.member }, body.role)
    },
  }),
  accountOperation({
    id: 'removeMember',
    method: 'delete',
    path: '/members/{member}',
    tag,
    scope: 'operator',
    summary: 'Take a person out of the account',
    params: memberPath,
    async run({ db, accountId }, { params }) {
      if (!z.uuid().safeParse(params.member).success) return noMember
      return removeMember(db, { accountId, by: null, userId: params.member })
    },
  }),
  accountOperation({
    id: 'listInvitations',
    method: 'get',
    path: '/invitations',
    tag,
    scope: 'read',
    summary: 'List the open invitations, newest first',
    answer: pageOf(invitationAnswer),
    async run({ db, accountId }) {
      const rows = await listInvitations(db, accountId)
      const data = rows.map(({ expired: _, createdAt, expiresAt, ...row }) => ({
        ...row,
        createdAt: showTime(createdAt),
        expiresAt: showTime(expiresAt),
      }))
      return done({ data, next: null })
    },
  }),
  accountOperation({
    id: 'inviteMember',
    method: 'post',
    path: '/invitations',
    tag,
    scope: 'operator',
    summary: 'Invite a person',
    description: 'The link is mailed. Where no mail can be sent, the answer has it.',
    body: invitationSchema.strict(),
    examples: { viewer: { email: 'sam@example.net', role: 'viewer' } },
    answer: z.object({ email: z.string(), link: z.string().optional() }),
    status: 201,
    idempotent: true,
    async run({ db, accountId }, { body }) {
      const invited = await invite(db, { accountId, by: null }, body)
      if (!invited.ok) return invited
      const account = await readAccountRecord(db, accountId)
      const words = { accountName: account?.name ?? '', inviter: 'The operator of this hub' }
      return done(await mailInvitation(invited.value.path, body, words))
    },
  }),
  accountOperation({
    id: 'withdrawInvitation',
    method: 'delete',
    path: '/invitations/{invitation}',
    tag,
    scope: 'operator',
    summary: 'Withdraw an invitation: its link no longer works',
    params: z.object({
      invitation: pathPart('The id of the invitation.', '0192f0c4-8f7a-7b8e-9d1a-6f2f7d0f3f11'),
    }),
    async run({ db, accountId }, { params }) {
      if (!z.uuid().safeParse(params.invitation).success) return missing('There is no such invitation.')
      return withdrawInvitation(db, accountId, null, params.invitation)
    },
  }),
  accountOperation({
    id: 'listAuditEntries',
    method: 'get',
    path: '/audit',
    tag,
    scope: 'manage',
    summary: 'List who changed what, newest first',
    query: pageQuery('account')
      .extend({ after: z.uuid().optional().meta({ description: 'The `next` of the page before.' }) })
      .extend(auditFilterSchema.shape),
    answer: pageOf(auditEntry),
    async run({ db, accountId }, { query: { limit, after, ...filter } }) {
      const cursor = after === undefined ? undefined : { from: after, backward: false }
      const { rows, next } = await readAuditLog(db, accountId, { filter, cursor, size: limit })
      return done({ data: rows.map(({ at, ...row }) => ({ ...row, at: showTime(at) })), next })
    },
  }),
]
