import type { NextCall } from '@/lib/pipeline/queue/next-call'
import { nextWords } from '@/lib/webhooks/state-words'
import { Countdown } from '../ui/countdown'

/** What a waiting delivery waits for, and its time counted down: "Waits for the next probe, 11:46 · in 4 min". */
export function NextCallWords({ next }: { next: NextCall }) {
  const { words, at } = nextWords(next)
  return (
    <>
      {words}
      {at === null ? (
        '.'
      ) : (
        <>
          , <Countdown at={at} />
        </>
      )}
    </>
  )
}
