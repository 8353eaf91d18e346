'use client'

import type { ShownErasure } from '@/lib/erasure/erasures'
import { Pill } from '../ui/badge'
import { Button } from '../ui/button'
import { LocalTime } from '../ui/local-time'
import { ProgressBar } from '../ui/progress-bar'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { ConfirmErasure } from './confirm-erasure'
import type { ErasureActions } from './erasure-actions'
import { erasedWords, foundNothing, foundWords, keyWords, stateLooks } from './erasure-words'

type Props = { erasure: ShownErasure; actions: ErasureActions }

/** One request: what was found, how far it is, and what can be done with it. It does not say whom it is about. */
export function ErasureLine({ erasure, actions }: Props) {
  const { id, by, state, progress, createdAt } = erasure
  const { tone, words } = stateLooks[state]
  const { run, pending } = useAction()
  const withdraw = () =>
    run(
      () => actions.withdraw(id),
      (result) => void (result.ok || toastRefusal(result)),
    )
  const waits = state === 'counted'
  return (
    <li className="flex flex-col gap-2 p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-medium">{keyWords[by].line}</span>
        <span className="text-muted text-sm">
          asked <LocalTime at={createdAt} />
        </span>
        <span className="ml-auto flex flex-wrap items-center gap-2">
          <Pill tone={tone}>{words}</Pill>
          {(waits || state === 'counting') && (
            <Button size="sm" variant="ghost" pending={pending} onClick={withdraw}>
              Withdraw
            </Button>
          )}
          {waits && <ConfirmErasure erasure={erasure} confirm={actions.confirm} />}
        </span>
      </div>
      {(state === 'counting' || state === 'erasing') && <ProgressBar label={`${words}: progress`} percent={progress} />}
      <p className="text-muted text-sm tabular-nums">
        <Detail erasure={erasure} />
      </p>
    </li>
  )
}

function Detail({ erasure }: { erasure: ShownErasure }) {
  switch (erasure.state) {
    case 'counting':
      return 'Looking through feedback and events.'
    case 'counted':
      return foundNothing(erasure)
        ? 'Found nothing: check the address or id. Test fires that hold it are overwritten all the same.'
        : `Found ${foundWords(erasure)}. Nothing is erased yet: without your confirmation this ends in a day.`
    case 'erasing':
      return `Overwritten so far: ${erasedWords(erasure)}.`
    case 'done':
      return erasure.erased.deliveries === 0
        ? `Erased ${foundWords(erasure)}. Nothing of it had been sent.`
        : `Erased ${foundWords(erasure)}. Of what was sent: ${erasedWords(erasure)}.`
    case 'withdrawn':
      return 'Nothing was erased.'
  }
}
