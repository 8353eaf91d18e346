import type { ShownResponse } from '@/lib/calls/shown-call'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { BodyView } from './body-view'
import { byteWords } from './call-words'
import { HeaderList } from './header-list'

type Props = {
  response: ShownResponse | undefined
  /** An answer came, but this person's role does not see it. */
  withheld: boolean
}

/** What the endpoint answered, as text. */
export function ResponsePanel({ response, withheld }: Props) {
  if (!response)
    return (
      <p className="text-muted">
        {withheld
          ? 'Endpoints may repeat keys and their URL in what they answer, so that admins of this account only see it.'
          : 'No answer came.'}
      </p>
    )
  const { headers, body, bytes, cut } = response
  return (
    <div className="flex flex-col gap-4">
      <Card title="Headers" flush>
        {headers.length > 0 ? (
          <HeaderList headers={headers} />
        ) : (
          <p className="p-4 text-muted">No headers were kept.</p>
        )}
      </Card>
      <Card title="Body" flush>
        {body === '' ? (
          <p className="p-4 text-muted">The answer had no body.</p>
        ) : (
          <BodyView what="response body" text={body} note={cut ? 'Cut' : byteWords(bytes)} />
        )}
        {cut && (
          <div className="border-border border-t p-4">
            <Callout>
              The answer was longer; the first {byteWords(new TextEncoder().encode(body).length)} are kept. Of a success
              we keep 4 KiB, of anything else 64 KiB.
            </Callout>
          </div>
        )}
      </Card>
    </div>
  )
}
