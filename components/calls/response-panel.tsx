import type { ShownResponse } from '@/lib/calls/shown-call'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { BodyView } from './body-view'
import { byteWords } from './call-words'
import { HeaderList } from './header-list'

type Props = {
  response: ShownResponse | undefined
  /** There is an answer, but the role of this person may not see it. */
  withheld: boolean
}

/** The receiver's answer as text. */
export function ResponsePanel({ response, withheld }: Props) {
  if (!response)
    return (
      <p className="text-muted">
        {withheld
          ? 'Only admins see what an endpoint answered, because an answer can repeat the URL and our keys.'
          : 'No answer came.'}
      </p>
    )
  const { headers, body, bytes, cut, compressed } = response
  return (
    <div className="flex flex-col gap-4">
      <Card title="Body of the answer" flush>
        {body === '' ? (
          <p className="p-4 text-muted">The answer had no body.</p>
        ) : compressed ? (
          <p className="p-4 text-muted">
            The answer was {body}. We ask for no compression, and do not keep what can’t be read as text.
          </p>
        ) : (
          <BodyView what="response body" text={body} note={cut ? 'Cut' : byteWords(bytes)} />
        )}
        {cut && (
          <div className="border-border border-t p-4">
            <Callout>
              The answer was longer. The first {byteWords(new TextEncoder().encode(body).length)} are kept. We keep at
              most 4 KiB of a success and 64 KiB of any other answer.
            </Callout>
          </div>
        )}
      </Card>
      <Card title="Headers of the answer" flush>
        {headers.length > 0 ? (
          <HeaderList headers={headers} />
        ) : (
          <p className="p-4 text-muted">No headers were kept.</p>
        )}
      </Card>
    </div>
  )
}
