'use client'

import { roleWords } from '@/lib/accounts/roles'
import type { FormResult } from '@/lib/form-result'
import type { Invitation } from '@/lib/people/invitations'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { LocalTime } from '../ui/local-time'
import { Table } from '../ui/table'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'

type Props = { invitations: Invitation[]; withdraw: (id: string) => Promise<FormResult> }

/** The invitations that nobody has accepted yet. Nothing is shown when there are none. */
export function InvitationList({ invitations, withdraw }: Props) {
  if (invitations.length === 0) return null
  return (
    <Card title="Open invitations" description="To send one again, invite the person again." flush>
      <Table
        label="Open invitations"
        rows={invitations}
        rowKey={({ id }) => id}
        columns={[
          { header: 'Person', primary: true, cell: ({ email }) => email },
          { header: 'Role', width: 'w-28', cell: ({ role }) => roleWords[role].label },
          { header: 'Invited', width: 'w-32', cell: ({ createdAt }) => <LocalTime at={createdAt} /> },
          {
            header: 'Ends',
            width: 'w-32',
            cell: ({ expiresAt, expired }) => (expired ? 'Expired' : <LocalTime at={expiresAt} />),
          },
        ]}
        actions={(invitation) => <Withdraw invitation={invitation} withdraw={withdraw} />}
        actionsWidth="w-32"
      />
    </Card>
  )
}

function Withdraw({ invitation: { id, email }, withdraw }: Pick<Props, 'withdraw'> & { invitation: Invitation }) {
  const { run, pending } = useAction()
  const press = () =>
    run(
      () => withdraw(id),
      (result) => (result.ok ? toast.success(`The invitation of ${email} is withdrawn.`) : toastRefusal(result)),
    )
  return (
    <Button size="sm" pending={pending} onClick={press}>
      Withdraw<span className="sr-only"> the invitation of {email}</span>
    </Button>
  )
}
