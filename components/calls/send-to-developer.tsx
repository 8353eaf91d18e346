'use client'

import { Send } from 'lucide-react'
import { useState } from 'react'
import type { CallLink } from '@/lib/calls/call-links'
import type { FormResult } from '@/lib/form-result'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/checkbox'
import { CodeBlock } from '../ui/code-block'
import { Dialog } from '../ui/dialog'
import { LocalTime } from '../ui/local-time'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'

export type LinkActions = {
  make: (input: { personal: boolean }) => Promise<FormResult<{ url: string }>>
  revoke: (linkId: string) => Promise<FormResult>
}

type Props = { links: CallLink[]; actions: LinkActions }

/** Makes a link to a read-only page of this call, and lists those that still work. */
export function SendToDeveloper({ links, actions }: Props) {
  const [open, setOpen] = useState(false)
  const [personal, setPersonal] = useState(false)
  const [url, setUrl] = useState<string>()
  const { run, pending } = useAction()
  const make = () =>
    run(
      () => actions.make({ personal }),
      (result) => (result.ok ? setUrl(result.value.url) : toastRefusal(result)),
    )
  const show = (next: boolean) => {
    setOpen(next)
    setUrl(undefined)
    setPersonal(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={show}
      trigger={<Button icon={<Send aria-hidden />}>Send this to your developer</Button>}
      title="Send this to your developer"
      description="A link to a read-only page of this call: the request, the answer, the likely cause, and code that verifies it. It needs no sign-in and works for 7 days. Keys and the path of the URL are masked."
      footer={
        url ? (
          <Button onClick={() => show(false)}>Done</Button>
        ) : (
          <Button variant="primary" pending={pending} onClick={make}>
            Make link
          </Button>
        )
      }
    >
      {url ? (
        <CodeBlock what="link" title="Copy it now: it can’t be shown again" code={url} />
      ) : (
        <Checkbox
          label="Show personal data"
          help="Names, addresses and what customers wrote. Without it they are masked, in the answer too."
          checked={personal}
          onChange={({ target }) => setPersonal(target.checked)}
        />
      )}
      {links.length > 0 && <OpenLinks links={links} revoke={actions.revoke} />}
    </Dialog>
  )
}

function OpenLinks({ links, revoke }: { links: CallLink[]; revoke: LinkActions['revoke'] }) {
  const { run, pending } = useAction()
  const end = (id: string) =>
    run(
      () => revoke(id),
      (result) => (result.ok ? toast.success('The link opens nothing any more.') : toastRefusal(result)),
    )
  return (
    <section aria-labelledby="open-links" className="flex flex-col gap-2 border-border border-t pt-3">
      <h3 id="open-links" className="font-medium">
        Links that work
      </h3>
      <ul className="flex flex-col gap-2">
        {links.map(({ id, personal, createdAt, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
            <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
              <span>
                Made <LocalTime at={createdAt} />, ends <LocalTime at={expiresAt} />
              </span>
              {personal && <Badge tone="warning">Personal data</Badge>}
            </span>
            <Button size="sm" variant="danger-quiet" pending={pending} onClick={() => end(id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
