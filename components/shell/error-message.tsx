'use client'

import { CircleAlert } from 'lucide-react'
import { refusals, refusalWords } from '@/lib/accounts/refusals'
import { Button } from '../ui/button'
import { LinkButton } from '../ui/link-button'
import { MessagePage } from './message-page'

/** An error that reached a page. A refusal has its own words; any other error is shown as a fault of the hub. */
export function ErrorMessage({ error, retry }: { error: unknown; retry: () => void }) {
  const refusal = refusalWords(error)
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : undefined
  return (
    <MessagePage
      icon={<CircleAlert />}
      title={refusal?.title ?? 'Something broke on our side'}
      action={
        <>
          {(!refusal || refusal === refusals.away) && (
            <Button variant="primary" onClick={() => retry()}>
              Try again
            </Button>
          )}
          {refusal === refusals.signedOut ? (
            <LinkButton href="/sign-in">Sign in</LinkButton>
          ) : (
            <LinkButton href="/settings/webhooks">Go to WebHooks</LinkButton>
          )}
        </>
      }
    >
      <p>{refusal?.message ?? 'This page could not be made. Nothing that you saved is lost. Try again in a moment.'}</p>
      {!refusal && digest && (
        <p>
          If it stays, tell whoever runs this hub the number <code className="text-text">{digest}</code>: the log names
          it.
        </p>
      )}
    </MessagePage>
  )
}
