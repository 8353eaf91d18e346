'use client'

import type { FormResult } from '@/lib/form-result'
import type { OpenSession } from '@/lib/people/sessions'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { LocalTime } from '../ui/local-time'
import { Table } from '../ui/table'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'

type Props = {
  sessions: OpenSession[]
  end: (id: string) => Promise<FormResult>
  endAll: () => Promise<FormResult<{ address: string }>>
}

/** Where a person is signed in. */
export function SessionList({ sessions, end, endAll }: Props) {
  return (
    <Card
      title="Where you are signed in"
      description="End what you do not know, then change your password."
      action={<SignOutEverywhere endAll={endAll} />}
      flush
    >
      <Table
        label="Where you are signed in"
        rows={sessions}
        rowKey={({ id }) => id}
        columns={[
          {
            header: 'Device',
            primary: true,
            cell: ({ device, current }) => (
              <span className="flex flex-wrap items-center gap-2">
                {device}
                {current && <Badge>This one</Badge>}
              </span>
            ),
          },
          { header: 'Address', cell: ({ address }) => <code>{address || 'unknown'}</code> },
          { header: 'Last used', width: 'w-32', cell: ({ lastUsedAt }) => <LocalTime at={lastUsedAt} /> },
        ]}
        actions={(session) => !session.current && <EndSession session={session} end={end} />}
        actionsWidth="w-28"
      />
    </Card>
  )
}

function EndSession({ session: { id, device }, end }: { session: OpenSession; end: Props['end'] }) {
  const { run, pending } = useAction()
  const press = () =>
    run(
      () => end(id),
      (result) => (result.ok ? toast.success(`${device} is signed out.`) : toastRefusal(result)),
    )
  return (
    <Button size="sm" pending={pending} onClick={press}>
      Sign out<span className="sr-only"> {device}</span>
    </Button>
  )
}

const SignOutEverywhere = ({ endAll }: Pick<Props, 'endAll'>) => (
  <ConfirmDialog
    trigger={<Button size="sm">Sign out everywhere</Button>}
    title="Sign out everywhere?"
    confirmLabel="Sign out everywhere"
    action={endAll}
    onDone={({ address }) => window.location.assign(address)}
  >
    <p>You are signed out of every browser, this one too. Sign in again with your password.</p>
  </ConfirmDialog>
)
