'use client'

import { useWatch } from 'react-hook-form'
import { onlyIfSchema } from '@/lib/webhooks/only-if-schema'
import type { Preview, PreviewEvent } from '@/lib/webhooks/preview'
import { ruleWords } from '@/lib/webhooks/words'
import { Card } from '../../ui/card'
import { LocalTime } from '../../ui/local-time'
import { usePreview } from './use-preview'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** The rule as a sentence, and what it would have matched lately. */
export function RulePreview() {
  const { control } = useWebhookForm()
  const { previewAddress } = useWebhookFormSetting()
  const [format, events, condition, onlyIf = [], sources = { kind: 'all' as const }] = useWatch({
    control,
    name: ['format', 'events', 'condition', 'onlyIf', 'sources'],
  })
  const { preview, failed, waiting, complete } = usePreview(previewAddress, {
    format,
    events,
    condition,
    onlyIf,
    sources,
  })
  return (
    <Card title="The rule in words">
      <p aria-live="polite" className="[overflow-wrap:anywhere]">
        {ruleWords(
          { events, condition },
          onlyIf.flatMap((further) => onlyIfSchema.safeParse(further).data ?? []),
        )}
      </p>
      <div className="flex flex-col gap-2 border-border border-t pt-3">
        {!complete ? (
          <p className="text-muted text-sm">
            Choose at least one event, rating or box, and source, and fill in each condition, to see what would match.
          </p>
        ) : failed ? (
          <p className="text-muted text-sm">The preview can’t be read right now. Saving works all the same.</p>
        ) : waiting ? (
          <p className="text-muted text-sm">
            You asked for many previews in a short time. This one comes by itself in a few seconds.
          </p>
        ) : (
          <PreviewCount preview={preview} />
        )}
        {complete && preview && <PreviewLists preview={preview} />}
      </div>
    </Card>
  )
}

function PreviewCount({ preview }: { preview: Preview | undefined }) {
  if (!preview) return <p className="text-muted text-sm">Looking at recent events…</p>
  const { judged, matched, saved } = preview
  if (judged === 0)
    return (
      <p className="text-muted text-sm">No event has come in yet. Once some have, this says how many would match.</p>
    )
  const of = judged === 1 ? 'the only event so far' : `the last ${judged} events`
  if (saved && isChanged(saved))
    return (
      <p role="status" className="tabular-nums">
        Fires for <strong className="font-semibold">{matched.length}</strong> instead of {saved.matched} of {of}.
      </p>
    )
  return (
    <p role="status">
      <strong className="font-semibold tabular-nums">{matched.length === 0 ? 'None' : matched.length}</strong> of {of}{' '}
      would have matched.
    </p>
  )
}

const isChanged = ({ more, fewer }: NonNullable<Preview['saved']>) => more.length > 0 || fewer.length > 0

/** What matches; of an edit that changes it, what matches more and fewer than the saved rule. */
function PreviewLists({ preview: { matched, saved } }: { preview: Preview }) {
  if (!saved || !isChanged(saved)) return <EventList label="Events that would have matched" events={matched} />
  return (
    <>
      <EventList label={`These ${saved.more.length} more`} titled events={saved.more} />
      <EventList label={`These ${saved.fewer.length} fewer`} titled events={saved.fewer} />
    </>
  )
}

type ListProps = { label: string; titled?: boolean; events: PreviewEvent[] }

function EventList({ label, titled = false, events }: ListProps) {
  if (events.length === 0) return null
  return (
    <div className="-mx-4 flex flex-col last:-mb-4">
      {titled && (
        <p aria-hidden className="px-4 py-1 font-medium text-sm">
          {label}
        </p>
      )}
      <ul
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-56 divide-y divide-border overflow-y-auto border-border border-t focus-visible:outline-offset-[-2px]"
      >
        {events.map(({ id, at, type, ratings }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-4 px-4 py-1.5 text-sm">
            <span className="min-w-0">
              {eventWords(type)}
              {ratings && <span className="text-muted"> · {ratings}</span>}
            </span>
            <span className="text-muted">
              <LocalTime at={at} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** "feedback.created" as "Feedback created". */
const eventWords = (type: string) => type.charAt(0).toUpperCase() + type.slice(1).replace('.', ' ')
