import type { Metadata } from 'next'
import { DemandTwoFactor } from '@/components/people/demand-two-factor'
import { InvitationList } from '@/components/people/invitation-list'
import { InviteForm } from '@/components/people/invite-form'
import { MemberTable } from '@/components/people/member-table'
import { Callout } from '@/components/ui/callout'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { listInvitations } from '@/lib/people/invitations'
import { listMembers } from '@/lib/people/members'
import * as actions from './actions'

export const metadata: Metadata = { title: 'Members' }

export default async function MembersPage() {
  const { account, user, role } = await authorise('viewer')
  const isOwner = mayAct(role, 'owner')
  const members = await listMembers(db(), account.id)
  return (
    <>
      <PageHead title="Members" description="Who belongs to this account, and what they may do." />
      {!isOwner && <Callout>An owner invites people, gives them a role and takes them out again.</Callout>}
      {isOwner && <InviteForm action={actions.inviteMember} />}
      <MemberTable
        members={members}
        ownId={user.id}
        accountName={account.name}
        change={isOwner ? actions.setRole : undefined}
        remove={isOwner ? actions.takeOut : undefined}
        leave={actions.leave}
      />
      {isOwner && (
        <>
          <InvitationList invitations={await listInvitations(db(), account.id)} withdraw={actions.withdraw} />
          <DemandTwoFactor
            key={String(account.demandsTwoFactor)}
            demanded={account.demandsTwoFactor}
            without={members.filter(({ twoFactor }) => !twoFactor).length}
            action={actions.demand}
          />
        </>
      )}
    </>
  )
}
