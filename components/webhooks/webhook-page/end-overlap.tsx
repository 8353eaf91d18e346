'use client'

import type { Format } from '@/lib/formats/format'
import { Button } from '../../ui/button'
import { ConfirmDialog } from '../../ui/confirm-dialog'
import { toast } from '../../ui/toast'
import type { SecretActions } from './webhook-page-actions'

type Props = {
  name: string
  signatures: Format['signatures']
  endOverlap: SecretActions['endOverlap']
  proven: boolean
}

const words = {
  several: {
    button: 'End the overlap now',
    what: 'From the next call on, only the new secret signs. An endpoint that still checks with a former one will turn our calls down.',
  },
  one: {
    button: 'Switch now',
    what: 'The next call is signed with the new secret. An endpoint that still checks with the former one will turn our calls down.',
  },
}

/** Ends a rotation's overlap early, once the endpoint knows the new secret. */
export function EndOverlap({ name, signatures, proven, endOverlap }: Props) {
  const { button, what } = words[signatures]
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant={proven ? 'primary' : 'secondary'}>
          {button}
        </Button>
      }
      title={`${button} for “${name}”?`}
      confirmLabel={button}
      action={endOverlap}
      onDone={() => toast.success('Only the new secret signs now.')}
    >
      <p>{what}</p>
      {!proven && <p>Nothing has shown yet that your endpoint knows the new secret.</p>}
    </ConfirmDialog>
  )
}
