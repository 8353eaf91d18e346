'use client'

import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import { formats } from '@/lib/formats/formats'
import { showId } from '@/lib/type-id'
import type { FirstSteps as Steps } from '@/lib/webhooks/first-steps'
import { IngestExamples } from '../../accounts/ingest-examples'
import { useLiveCalls } from '../../calls/use-live-calls'
import { Button } from '../../ui/button'
import { Callout } from '../../ui/callout'
import { Card } from '../../ui/card'
import { Link } from '../../ui/link'
import { LinkButton } from '../../ui/link-button'
import { SecretField } from '../../ui/secret-field'
import { toast } from '../../ui/toast'
import { toastRefusal } from '../../ui/toast-refusal'
import { useAction } from '../../ui/use-action'
import { Step } from './step'

export type FirstStepsActions = {
  makeKey: (form: { name: string; scopes: ['ingest']; ends: 'never' }) => Promise<FormResult<{ key: string }>>
  end: () => Promise<FormResult>
}

type Props = { steps: Steps; hubUrl: string; address: string; actions: FirstStepsActions }

/** What leads on from the first WebHook: a key, an event, its arrival, its signature. Gone after the last step. */
export function FirstSteps({ steps: { done: first, webhook, event }, hubUrl, address, actions }: Props) {
  const { seen: done } = useLiveCalls(first, address)
  const [key, setKey] = useState<string>()
  const { run, pending } = useAction()
  const makeKey = () =>
    run(
      () => actions.makeKey({ name: 'First steps', scopes: ['ingest'], ends: 'never' }),
      (result) => (result.ok ? setKey(result.value.key) : toastRefusal(result)),
    )
  const end = (words: string | undefined) =>
    run(actions.end, (result) => {
      if (!result.ok) toastRefusal(result)
      else if (words) toast.success(words)
    })
  const now = !done.key ? 1 : !done.event ? 2 : !done.arrived ? 3 : 4
  const signed = formats[webhook.format].secret !== null
  return (
    <Card
      title="First steps"
      description={`From “${webhook.name}” to calls that your endpoint can trust, in four steps.`}
      action={
        <Button size="sm" variant="ghost" pending={pending} onClick={() => end(undefined)}>
          Hide
        </Button>
      }
    >
      <ol className="flex flex-col gap-4">
        <Step number={1} now={now} title="Make a key">
          <p>What posts feedback here needs an API key. This one may ingest, and nothing else.</p>
          <Button variant="primary" className="self-start" pending={pending} onClick={makeKey}>
            Make key
          </Button>
        </Step>
        {key && (
          <li>
            <Callout tone="success" role="status" title="The key is made">
              <p>Copy it now and keep it where your secrets are. It can’t be shown again.</p>
              <SecretField label="API key" value={key} open />
            </Callout>
          </li>
        )}
        <Step number={2} now={now} title="Send your first event">
          <p>
            {key ? 'The key is filled in. ' : 'Your key is read from HEARBACK_API_KEY. '}
            This event is one that “{webhook.name}” matches.
          </p>
          <IngestExamples hubUrl={hubUrl} event={event} apiKey={key} />
        </Step>
        <Step number={3} now={now} title="See it arrive">
          <p>
            The event came in. As soon as your endpoint has answered 2xx, this step is done. What happens stands under{' '}
            <Link href="/settings/calls" className="text-accent-text underline">
              Calls
            </Link>
            ; why a WebHook was not called, under{' '}
            <Link href="/settings/events" className="text-accent-text underline">
              Events
            </Link>
            .
          </p>
        </Step>
        <Step number={4} now={now} title={signed ? 'Verify its signature' : 'Verify who calls'}>
          <p>
            Anyone can POST to a URL. {signed ? 'The signature' : 'The Authorization header'} tells our calls from
            anybody else’s: there is code for Node, PHP, Ruby and Python.
          </p>
          <div className="flex flex-wrap gap-2">
            <LinkButton href={`/settings/webhooks/${showId('webhook', webhook.id)}/verify`} variant="primary">
              Code that verifies it
            </LinkButton>
            <Button pending={pending} onClick={() => end('The first steps are done.')}>
              My endpoint verifies it
            </Button>
          </div>
        </Step>
      </ol>
    </Card>
  )
}
