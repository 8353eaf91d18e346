'use client'

import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight, Send } from 'lucide-react'
import { Button } from '../../ui/button'
import { Callout } from '../../ui/callout'
import { Card } from '../../ui/card'
import { Field } from '../../ui/field'
import { Textarea } from '../../ui/textarea'
import { TestFireOutcome } from './test-fire-outcome'
import { useSample } from './use-sample'
import { useTestFire } from './use-test-fire'

/** Calls the URL once with a sample event and the form's present values. The form can be saved whatever the outcome. */
export function TestFirePanel() {
  const sample = useSample()
  const { fire, pending, answer, problems } = useTestFire(sample)
  return (
    <Card
      title="Test fire"
      description="Calls the URL once with a sample, as the form stands now. It is logged and changes nothing else."
    >
      <Collapsible.Root>
        <Collapsible.Trigger className="group -mx-1 flex min-h-8 items-center gap-2 rounded-control px-1 font-medium text-sm max-md:min-h-11">
          <ChevronRight
            aria-hidden
            className="size-4 text-muted transition-transform group-data-panel-open:rotate-90"
          />
          Sample event
          {sample.edited && <span className="font-normal text-muted">edited</span>}
        </Collapsible.Trigger>
        <Collapsible.Panel keepMounted className="flex flex-col gap-2 pt-2 data-closed:hidden">
          <Field
            label={<span className="sr-only">Sample event as JSON</span>}
            help="The event as the platform would post it."
            error={sample.error}
          >
            <Textarea
              mono
              rows={8}
              value={sample.text}
              onChange={({ target }) => sample.edit(target.value)}
              onBlur={sample.check}
            />
          </Field>
          {sample.edited && (
            <Button size="sm" variant="ghost" className="self-start" onClick={sample.reset}>
              Back to the sample we made
            </Button>
          )}
        </Collapsible.Panel>
      </Collapsible.Root>
      <Button icon={<Send aria-hidden />} pending={pending} onClick={fire} className="self-start">
        Test fire
      </Button>
      <div aria-live="polite" className="flex flex-col gap-3 empty:hidden">
        {problems.length > 0 && (
          <Callout tone="warning" title="Not fired">
            {problems.map((problem) => (
              <p key={problem}>{problem}</p>
            ))}
          </Callout>
        )}
        {answer && !pending && <TestFireOutcome answer={answer} />}
      </div>
    </Card>
  )
}
