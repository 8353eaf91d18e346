'use client'

import { useEffect, useRef } from 'react'
import { failureWords } from '@/lib/calls/failure-words'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { durationWords } from '../../calls/call-words'
import { ResultPill } from '../../calls/result-pill'
import { CodeBlock } from '../../ui/code-block'
import { Link } from '../../ui/link'

/** The outcome of the last test fire: status, time and answer, or the failure in words. */
export function TestFireOutcome({ answer }: { answer: TestFireAnswer }) {
  const failure = failureWords(answer)
  const place = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is brought into sight once
  useEffect(() => {
    // In braces, because some browsers return a promise here, which React would take for a clean-up.
    void place.current?.scrollIntoView({ block: 'nearest' })
  }, [answer])
  return (
    <div ref={place} className="flex flex-col gap-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <ResultPill answer={answer} />
        <span className="text-muted tabular-nums">{durationWords(answer.durationMs)}</span>
        <Link href={`/settings/calls/${answer.callId}`} target="_blank" className="ml-auto text-accent-text underline">
          View the call<span className="sr-only"> in a new tab</span>
        </Link>
      </p>
      {failure && (
        <div className="flex flex-col gap-1 text-sm">
          <p>{failure.what}</p>
          <p className="text-muted">{failure.cure}</p>
        </div>
      )}
      {answer.responseBody ? (
        <CodeBlock what="answer" title="What your endpoint answered" code={answer.responseBody} />
      ) : (
        answer.status !== null && <p className="text-muted text-sm">The answer had no body.</p>
      )}
    </div>
  )
}
