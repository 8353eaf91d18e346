'use client'

import { useController, useWatch } from 'react-hook-form'
import type { EventType } from '@/lib/events/event-types'
import { formats } from '@/lib/formats/formats'
import { clickThenWriteWords } from '@/lib/webhooks/words'
import { Card } from '../../ui/card'
import { Checkbox } from '../../ui/checkbox'
import { Fieldset } from '../../ui/fieldset'
import { useWebhookForm } from './webhook-form-state'

const groups = [
  { name: 'Feedback', prefix: 'feedback.' },
  { name: 'Survey', prefix: 'survey.' },
  { name: 'Message', prefix: 'message.' },
]

/** Which of the format's events call the URL. A thermometer table fixes them. */
export function WhenCard() {
  const { control } = useWebhookForm()
  const [events, condition] = useWatch({ control, name: ['events', 'condition'] })
  return (
    <Card title="When">
      {condition.kind === 'thermometer' ? (
        <p>
          Feedback is created or updated. <span className="text-muted">The thermometer table decides the rest.</span>
        </p>
      ) : (
        <EventChoice />
      )}
      <p className="text-muted text-sm empty:hidden">{clickThenWriteWords({ events, condition })}</p>
    </Card>
  )
}

function EventChoice() {
  const { control, formState } = useWebhookForm()
  const format = useWatch({ control, name: 'format' })
  const { field } = useController({ control, name: 'events' })
  const { offers } = formats[format]
  const offered = offers.map(({ type }) => type)
  const nameOf = (type: EventType) => offers.find((offer) => offer.type === type)?.name
  const shown = groups.filter(({ prefix }) => offered.some((type) => type.startsWith(prefix)))
  const toggle = (type: EventType, ticked: boolean) =>
    field.onChange(offered.filter((other) => (other === type ? ticked : field.value.includes(other))))
  return (
    <Fieldset
      legend={shown.length === 1 ? 'Call the URL when feedback' : 'Call the URL when'}
      error={formState.errors.events?.message}
    >
      <div className="flex flex-wrap gap-x-10 gap-y-4">
        {shown.map(({ name, prefix }) => (
          <div key={prefix} className="flex flex-col gap-2 max-md:w-full max-md:gap-0">
            {shown.length > 1 && <span className="text-muted text-sm">{name}</span>}
            {offered
              .filter((type) => type.startsWith(prefix))
              .map((type) => (
                <Checkbox
                  key={type}
                  ref={type === offered[0] ? field.ref : undefined}
                  label={
                    nameOf(type) ? (
                      <code>{nameOf(type)}</code>
                    ) : (
                      <>
                        {shown.length > 1 && <span className="sr-only">{name} </span>}is {type.slice(prefix.length)}
                      </>
                    )
                  }
                  help={nameOf(type) && `${name} is ${type.slice(prefix.length)}`}
                  checked={field.value.includes(type)}
                  onChange={({ target }) => toggle(type, target.checked)}
                  onBlur={field.onBlur}
                />
              ))}
          </div>
        ))}
      </div>
    </Fieldset>
  )
}
