'use client'

import { useId, useState } from 'react'
import type { RefCallBack } from 'react-hook-form'
import { allArchived, testFirst } from '@/lib/sources/source-words'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'
import { Callout } from '../ui/callout'
import { Fieldset } from '../ui/fieldset'
import { Radio } from '../ui/radio-group'
import { SourceBoxes, type SourceBoxesProps } from './source-boxes'

type Choice = WebhookForm['sources']

type Props = Pick<SourceBoxesProps, 'linked' | 'saved' | 'address'> & {
  value: Choice
  onChange: (value: Choice) => void
  /** A test fire of the values shown has passed: sources can be added. */
  passed: boolean
  error?: string
  focusRef?: RefCallBack
}

/** All sources, or chosen ones. Until a test fire has passed none can be added, and a text says why. */
export function SourceChoice({ value, onChange, linked, saved, address, passed, error, focusRef }: Props) {
  const name = useId()
  const chosen = value.kind === 'chosen'
  // The boxes are hidden, not unmounted, while "all" is chosen, so that the choice is kept.
  const [kept, setKept] = useState(() => (value.kind === 'chosen' ? value.ids : linked.map(({ id }) => id)))
  const [opened, setOpened] = useState(chosen)
  const choose = (ids: string[]) => {
    setKept(ids)
    onChange({ kind: 'chosen', ids })
  }
  // What the boxes add is in use.
  const asleep = new Set(linked.filter(({ archived }) => archived).map(({ id }) => id))
  const nothing = chosen && value.ids.length > 0 && value.ids.every((id) => asleep.has(id))
  return (
    <div className="flex flex-col gap-4">
      <Fieldset legend={<span className="sr-only">Sources</span>} error={error}>
        <Radio
          name={name}
          ref={chosen ? undefined : focusRef}
          label="All sources"
          help="Those to come included."
          checked={!chosen}
          onChange={() => onChange({ kind: 'all' })}
        />
        <Radio
          name={name}
          ref={chosen ? focusRef : undefined}
          label="Chosen ones"
          help="Only the sources that you link."
          checked={chosen}
          onChange={() => {
            setOpened(true)
            choose(kept)
          }}
        />
      </Fieldset>
      {opened && (
        <div hidden={!chosen}>
          <div aria-live="polite" className="mb-4 empty:hidden">
            {!passed && <Callout title="Adding sources is closed for now">{testFirst}</Callout>}
          </div>
          <SourceBoxes
            value={kept}
            onChange={choose}
            linked={linked}
            saved={saved}
            address={address}
            closed={passed ? undefined : testFirst}
          />
        </div>
      )}
      {nothing && <Callout tone="warning">{allArchived}</Callout>}
    </div>
  )
}
