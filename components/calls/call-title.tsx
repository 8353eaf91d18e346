import type { CallAnswer } from '@/lib/calls/failure-words'
import { Badge } from '../ui/badge'
import { ResultPill } from './result-pill'

/** The heading of a call: its result, and whether it was a test fire. */
export const CallTitle = ({ answer, test }: { answer: CallAnswer; test: boolean }) => (
  <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
    WebHook call <ResultPill answer={answer} />
    {test && <Badge tone="accent">Test</Badge>}
  </span>
)
