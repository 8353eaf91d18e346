'use client'

import { Combobox } from '@base-ui/react/combobox'
import { Check, ChevronDown, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { WebhookChoice } from '@/lib/webhooks/find-webhooks'
import { Badge } from '../ui/badge'
import { Field, useFieldControl } from '../ui/field'
import { controlClasses } from '../ui/input'

type Props = {
  label?: string
  /** What is shown while none is chosen. */
  any?: string
  chosen: WebhookChoice | undefined
  /** Undefined: any WebHook. */
  onChoose: (webhook: WebhookChoice | undefined) => void
}

/** Picks one WebHook. The server searches for the typed text and returns the first 50 matches. */
export function WebhookPicker({ label = 'WebHook', any = 'All WebHooks', chosen, onChoose }: Props) {
  const [found, setFound] = useState<WebhookChoice[]>([])
  const [state, setState] = useState<'searching' | 'found' | 'failed'>('searching')
  const request = useRef<AbortController>(undefined)

  const search = async (text: string) => {
    request.current?.abort()
    const own = new AbortController()
    request.current = own
    setState('searching')
    const answer = await fetch(`/settings/calls/webhooks?search=${encodeURIComponent(text)}`, { signal: own.signal })
      .then((response) => (response.ok ? (response.json() as Promise<WebhookChoice[]>) : undefined))
      .catch(() => undefined)
    if (own.signal.aborted) return
    if (answer) setFound(answer)
    setState(answer ? 'found' : 'failed')
  }

  return (
    <Combobox.Root
      items={found}
      filter={null}
      value={chosen ?? null}
      itemToStringLabel={({ name }: WebhookChoice) => name}
      isItemEqualToValue={(item: WebhookChoice, value: WebhookChoice) => item.id === value.id}
      onOpenChange={(open) => open && void search('')}
      onInputValueChange={(text, { reason }) => reason === 'input-change' && void search(text)}
      onValueChange={(value: WebhookChoice | null) => onChoose(value ?? undefined)}
    >
      <Field label={label}>
        <PickerInput any={any} clearable={chosen !== undefined} />
      </Field>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} className="z-50 outline-none">
          <Combobox.Popup className="w-(--anchor-width) min-w-60 max-w-(--available-width) rounded-card border border-border bg-raised p-1 shadow-float">
            <Combobox.Status className="empty:hidden">
              {state === 'searching' && found.length === 0 && <p className="px-2.5 py-2 text-muted">Searching…</p>}
              {state === 'failed' && <p className="px-2.5 py-2 text-muted">The hub does not answer. Type again.</p>}
              {state === 'found' && found.length === 0 && <p className="px-2.5 py-2 text-muted">No WebHook matches.</p>}
              {state === 'found' && found.length === 50 && (
                <p className="px-2.5 py-1 text-muted text-sm">The first 50. Type to find others.</p>
              )}
            </Combobox.Status>
            <Combobox.List className="max-h-[min(20rem,var(--available-height))] scroll-py-1 overflow-y-auto overscroll-contain outline-none">
              {(webhook: WebhookChoice) => (
                <Combobox.Item
                  key={webhook.id}
                  value={webhook}
                  className="flex min-h-9 cursor-default select-none items-center gap-2 rounded-[5px] px-2.5 outline-none data-highlighted:bg-sunken max-md:min-h-11"
                >
                  <span className="min-w-0 flex-1 truncate">{webhook.name}</span>
                  {webhook.deleted && <Badge>Deleted</Badge>}
                  <Combobox.ItemIndicator>
                    <Check aria-hidden className="size-4" />
                  </Combobox.ItemIndicator>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}

function PickerInput({ any, clearable }: { any: string; clearable: boolean }) {
  const control = useFieldControl()
  return (
    <Combobox.InputGroup className="relative">
      <Combobox.Input {...control} placeholder={any} className={`${controlClasses} h-9 pr-16`} />
      <span className="absolute inset-y-0 right-1 flex items-center">
        {clearable && (
          <Combobox.Clear aria-label={any} className={buttonClasses}>
            <X aria-hidden className="size-4" />
          </Combobox.Clear>
        )}
        <Combobox.Trigger aria-label="Choose a WebHook" className={buttonClasses}>
          <ChevronDown aria-hidden className="size-4" />
        </Combobox.Trigger>
      </span>
    </Combobox.InputGroup>
  )
}

const buttonClasses = 'grid size-7 place-items-center rounded-control text-muted hover:text-text max-md:size-10'
