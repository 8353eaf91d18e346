'use client'

import type { FormResult } from '@/lib/form-result'
import type { Member } from '@/lib/people/members'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { LocalTime } from '../ui/local-time'
import { Table } from '../ui/table'
import { toast } from '../ui/toast'
import { RoleSelect } from './role-select'

type Props = {
  members: Member[]
  ownId: string
  accountName: string
  /** Absent: the person may only look. */
  change?: (userId: string, role: string) => Promise<FormResult>
  remove?: (userId: string) => Promise<FormResult>
  leave: () => Promise<FormResult<{ address: string }>>
}

export function MemberTable({ members, ownId, accountName, change, remove, leave }: Props) {
  return (
    <Card title="Members" flush>
      <Table
        label="Members"
        rows={members}
        rowKey={({ userId }) => userId}
        columns={[
          {
            header: 'Person',
            primary: true,
            cell: ({ email, userId }) => (
              <span className="flex flex-wrap items-center gap-2">
                {email}
                {userId === ownId && <Badge>You</Badge>}
              </span>
            ),
          },
          { header: 'Role', width: 'w-40', cell: (member) => <RoleSelect member={member} change={change} /> },
          {
            header: 'Two-factor',
            width: 'w-28',
            cell: ({ twoFactor }) => (twoFactor ? 'On' : <span className="text-muted">Off</span>),
          },
          { header: 'Joined', width: 'w-32', cell: ({ joinedAt }) => <LocalTime at={joinedAt} /> },
        ]}
        actions={(member) =>
          member.userId === ownId ? (
            <Leave accountName={accountName} leave={leave} />
          ) : (
            remove && <Remove member={member} accountName={accountName} remove={remove} />
          )
        }
        actionsWidth="w-28"
      />
    </Card>
  )
}

type RemoveProps = { member: Member; accountName: string; remove: NonNullable<Props['remove']> }

const Remove = ({ member: { userId, email }, accountName, remove }: RemoveProps) => (
  <ConfirmDialog
    trigger={
      <Button size="sm" variant="danger-quiet">
        Remove<span className="sr-only"> {email}</span>
      </Button>
    }
    title={`Take ${email} out of ${accountName}?`}
    confirmLabel="Remove"
    action={() => remove(userId)}
    onDone={() => toast.success(`${email} no longer belongs to ${accountName}.`)}
  >
    <p>They see nothing of this account from now on. API keys that they made go on working: revoke those they know.</p>
  </ConfirmDialog>
)

const Leave = ({ accountName, leave }: Pick<Props, 'accountName' | 'leave'>) => (
  <ConfirmDialog
    trigger={
      <Button size="sm" variant="danger-quiet">
        Leave
      </Button>
    }
    title={`Leave ${accountName}?`}
    confirmLabel="Leave"
    action={leave}
    onDone={({ address }) => window.location.assign(address)}
  >
    <p>You see nothing of this account from now on. Only an owner can invite you back.</p>
  </ConfirmDialog>
)
