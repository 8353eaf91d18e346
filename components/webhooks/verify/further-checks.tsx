import type { Format } from '@/lib/formats/format'
import { Card } from '../../ui/card'

type Props = {
  checks: readonly string[]
  /** null: the format is not signed. */
  signatures: Format['signatures'] | null
  timeoutSeconds: number
}

const whileChanging: Record<Format['signatures'], string> = {
  several:
    'While the secret is being changed, calls carry a signature for each of the two. Give your endpoint the new one at any time within the overlap.',
  one: 'This format carries one signature. The WebHook’s page says when the new secret takes over: accept either of them for a few minutes around that time.',
}

/** What a receiver must check besides the signature. */
export const FurtherChecks = ({ checks, signatures, timeoutSeconds }: Props) => (
  <Card title="What else to see to">
    <ul className="flex max-w-prose list-disc flex-col gap-2 pl-5 marker:text-muted">
      {checks.map((check) => (
        <li key={check}>{check}</li>
      ))}
      {signatures && <li>{whileChanging[signatures]}</li>}
      <li>Answer 2xx within {timeoutSeconds} s and do slow work after that. Anything else is tried again.</li>
      <li>
        A test fire is signed like the real thing and carries <code>hearback-test: true</code>: keep it out of your
        numbers.
      </li>
    </ul>
  </Card>
)
