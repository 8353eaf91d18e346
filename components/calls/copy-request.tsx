'use client'

import { curlCommand } from '@/lib/calls/curl'
import { type Replayed, replayScript } from '@/lib/calls/replay-script'
import type { ShownRequest } from '@/lib/calls/shown-request'
import { CopyButton } from '../ui/copy-button'

type Props = {
  request: ShownRequest
  body: string
  /** Undefined for a viewer, who sees only its host. */
  url: string | undefined
  call: Pick<Replayed, 'format' | 'callId'>
}

/** The call as a curl command and as a script that sends it to a developer's own machine. */
export function CopyRequest({ request, body, url, call }: Props) {
  const { pathname = '/', search = '' } = url ? new URL(url) : {}
  const script = () => replayScript({ ...call, path: pathname + search, headers: request.headers, body })
  return (
    <>
      {url && (
        <CopyButton
          size="md"
          labelled="Copy as cURL"
          what="curl command"
          text={async () => curlCommand(url, request, body)}
        />
      )}
      <CopyButton size="md" labelled="Copy replay script" what="replay script" text={async () => script()} />
    </>
  )
}
