'use client'

import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { CopyButton } from '../ui/copy-button'

type Props = { codes: string[]; onKept: () => void }

/** Recovery codes, shown once, until the person says that they have kept them. */
export const RecoveryCodes = ({ codes, onKept }: Props) => (
  <Callout
    tone="success"
    role="status"
    title="Keep these recovery codes"
    action={
      <>
        <CopyButton what="recovery codes" text={async () => codes.join('\n')} />
        <Button onClick={onKept}>I have kept them</Button>
      </>
    }
  >
    <p>Each works once in place of a code, when your app is out of reach. They can’t be shown again.</p>
    <ul aria-label="Recovery codes" className="grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-sm">
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </ul>
  </Callout>
)
