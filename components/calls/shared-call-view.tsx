import type { OpenedLink } from '@/lib/calls/call-links'
import type { CallDetail } from '@/lib/calls/read-call'
import type { SharedCall } from '@/lib/calls/shared-call'
import { formats } from '@/lib/formats/formats'
import type { LanguageCode } from '@/lib/verify/receiver-code'
import type { Proof } from '@/lib/verify/verification'
import { Callout } from '../ui/callout'
import { LocalTime } from '../ui/local-time'
import { PageHead } from '../ui/page-head'
import { CarriedHeaders } from '../webhooks/verify/carried-headers'
import { ReceiverCode } from '../webhooks/verify/receiver-code'
import { CallFailure } from './call-failure'
import { CallSummary } from './call-summary'
import { CallTitle } from './call-title'
import { RequestPanel } from './request-panel'
import { ResponsePanel } from './response-panel'

type Props = {
  detail: CallDetail
  shown: SharedCall
  link: Pick<OpenedLink, 'personal' | 'expiresAt'>
  headers: readonly (readonly [name: string, holds: string])[]
  proofs: readonly Proof[]
  languages: LanguageCode[]
}

const heading = 'font-semibold text-lg'

/** One call for a developer without a sign-in: cause, request, answer, and code that verifies it. */
export function SharedCallView({ detail, shown, link, headers, proofs, languages }: Props) {
  const { call, webhook, state } = detail
  const { answer, host, request, body, response } = shown
  return (
    <>
      <PageHead
        title={<CallTitle answer={answer} test={call.test} />}
        description={
          <>
            Somebody who runs this WebHook sent you this page. It is read-only and ends{' '}
            <LocalTime at={link.expiresAt} show="exact" />.
          </>
        }
      />
      <CallSummary
        ruleName={webhook.name}
        ruleHref={undefined}
        url={host}
        at={call.at}
        durationMs={call.durationMs}
        reconnected={call.reconnected === true}
        event={undefined}
        attempt={webhook.retries === null ? String(call.attempt) : `${call.attempt} of ${webhook.retries + 1}`}
      />
      <CallFailure answer={answer} state={state} retryAfterSeconds={call.retryAfterSeconds} alone />
      <Callout>
        {link.personal
          ? 'Keys and the path of the URL are masked. This page has personal data: treat it as such.'
          : 'Keys, the path of the URL and personal data are masked: in the request, and where the answer repeats it.'}
      </Callout>
      <section aria-labelledby="request" className="flex flex-col gap-3">
        <h2 id="request" className={heading}>
          Request
        </h2>
        <RequestPanel request={request} body={body} />
      </section>
      <section aria-labelledby="answer" className="flex flex-col gap-3">
        <h2 id="answer" className={heading}>
          Answer
        </h2>
        <ResponsePanel response={response} withheld={false} />
      </section>
      <section aria-labelledby="verify" className="flex flex-col gap-3">
        <h2 id="verify" className={heading}>
          Verify it
        </h2>
        <p className="max-w-prose text-muted">
          The format is “{formats[webhook.format].label}”. The code reads its secret from the environment
          (HEARBACK_SECRET, HEARBACK_AUTHORIZATION): ask whoever sent you this page.
        </p>
        <CarriedHeaders headers={headers} nothingYet={false} />
        {proofs.length > 0 && <ReceiverCode languages={languages} />}
      </section>
    </>
  )
}
