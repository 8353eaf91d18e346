import type { ReactNode } from 'react'
import { formats } from '@/lib/formats/formats'
import { isAuthorization } from '@/lib/webhooks/header-schema'
import type { WebhookForEdit } from '@/lib/webhooks/webhook-queries'
import { clickThenWriteWords, formatWords, ruleWords, successWords } from '@/lib/webhooks/words'
import { Callout } from '../../ui/callout'
import { Card } from '../../ui/card'

const mask = '••••••••'

type Props = {
  /** Its URL as the reader may see it. */
  webhook: WebhookForEdit
  accountKeySet: boolean
  /** False for a viewer, who does not see the Basic user. */
  whole: boolean
}

/** A WebHook's settings: rule, URL, format and authentication. */
export function WebhookFacts({ webhook, accountKeySet, whole }: Props) {
  const {
    rule,
    onlyIf,
    url,
    format,
    encoding,
    basicUser,
    headerNames,
    retries,
    timeoutSeconds,
    ratePerMinute,
    success,
  } = webhook
  const custom = headerNames.filter((name) => !isAuthorization(name))
  return (
    <Card title="What it does">
      <div className="flex flex-col gap-1">
        <p className="[overflow-wrap:anywhere]">{ruleWords(rule, onlyIf)}</p>
        <p className="text-muted text-sm empty:hidden">{clickThenWriteWords(rule)}</p>
      </div>
      <dl className="grid gap-x-6 gap-y-1 md:grid-cols-[9rem_minmax(0,1fr)] md:gap-y-2">
        <Fact term="WebHook URL">
          <code className="[overflow-wrap:anywhere]">{url}</code>
        </Fact>
        <Fact term="Format">
          {formatWords(format, encoding)}
          <span className="block text-muted text-sm">{formats[format].summary}</span>
        </Fact>
        <Fact term="Authentication">
          <Authorization webhook={webhook} accountKeySet={accountKeySet} />
          {whole && basicUser !== null && <span className="text-muted text-sm"> user {basicUser}</span>}
        </Fact>
        <Fact term="Delivery">
          {retries === 1 ? '1 retry' : `${retries} retries`}, timeout {timeoutSeconds} s
          {ratePerMinute !== null && `, at most ${ratePerMinute} calls a minute`}
          {success !== '2xx' && `, success is ${successWords[success]}`}
        </Fact>
        {custom.length > 0 && (
          <Fact term="Custom headers">
            <code className="[overflow-wrap:anywhere]">{custom.join(', ')}</code>
          </Fact>
        )}
      </dl>
      {url.startsWith('http:') && (
        <Callout tone="warning" title="This address is not encrypted">
          Ratings, keys and passwords travel in clear. Use https:// if your endpoint has it.
        </Callout>
      )}
    </Card>
  )
}

function Authorization({ webhook, accountKeySet }: Pick<Props, 'webhook' | 'accountKeySet'>) {
  const { authentication, headerNames } = webhook
  const own = headerNames.some(isAuthorization)
  if (authentication === 'none') return 'None: no Authorization header'
  if (authentication === 'account-key' && !accountKeySet && !own)
    return 'No pre-shared key is set: no Authorization header'
  const value =
    authentication === 'basic'
      ? `Basic ${mask}`
      : authentication === 'account-key' && accountKeySet
        ? `hmac ${mask}`
        : mask
  return (
    <>
      <code>Authorization: {value}</code>
      {own && value !== mask && (
        <span className="block text-muted text-sm">A stored own header is not sent beside it.</span>
      )}
    </>
  )
}

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{term}</dt>
    <dd className="min-w-0 max-md:mb-2">{children}</dd>
  </>
)
