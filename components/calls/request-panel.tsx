'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import type { ShownHeader, ShownRequest } from '@/lib/calls/shown-request'
import { done } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { CopyButton } from '../ui/copy-button'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { BodyView } from './body-view'
import { byteWords } from './call-words'
import { HeaderList } from './header-list'

type Props = {
  /** Undefined: the call ended before a request was built. */
  request: ShownRequest | undefined
  /** Null: the body is no longer kept. */
  body: string | null
  /** Returns the headers with nothing masked. Undefined for a viewer. */
  reveal?: () => Promise<{ headers: ShownHeader[] } | { error: string }>
}

/** The exact request: body, request line and headers. Keys are masked until an admin reveals them. */
export function RequestPanel({ request, body, reveal }: Props) {
  if (!request) return <p className="text-muted">Nothing was sent: the call ended before a request was built.</p>
  return (
    <div className="flex flex-col gap-4">
      <Card title="Body" flush>
        {body === null ? (
          <p className="p-4 text-muted">The body is older than the history that this hub keeps.</p>
        ) : (
          <BodyView what="request body" text={body} note={byteWords(new TextEncoder().encode(body).length)} />
        )}
      </Card>
      <RequestHead request={request} reveal={reveal} />
    </div>
  )
}

function RequestHead({ request, reveal }: { request: ShownRequest; reveal: Props['reveal'] }) {
  const [revealed, setRevealed] = useState<ShownHeader[]>()
  const { run, pending } = useAction()
  const headers = revealed ?? request.headers
  const toggle = (load: NonNullable<typeof reveal>) => {
    if (revealed) return setRevealed(undefined)
    run(
      async () => done(await load()),
      (result) => {
        if (!result.ok) toastRefusal(result)
        else if ('error' in result.value) toast.error(result.value.error)
        else setRevealed(result.value.headers)
      },
    )
  }
  const text = [request.line, ...headers.map(({ name, value }) => `${name}: ${value}`)].join('\n')
  return (
    <Card
      title="Headers"
      flush
      action={
        <div className="flex items-center gap-1">
          {reveal && request.headers.some(({ masked }) => masked) && (
            <Button
              size="sm"
              pending={pending}
              icon={revealed ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              onClick={() => toggle(reveal)}
            >
              {revealed ? 'Hide keys' : 'Reveal keys'}
            </Button>
          )}
          <CopyButton what="request line and headers" text={text} />
        </div>
      }
    >
      <p className="border-border border-b px-4 py-2 font-mono text-sm [overflow-wrap:anywhere]">{request.line}</p>
      <HeaderList headers={headers} />
    </Card>
  )
}
