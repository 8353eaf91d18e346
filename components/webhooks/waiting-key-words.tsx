'use client'

import { useEffect, useState } from 'react'
import type { WaitingKey } from '@/lib/webhooks/waiting-keys'
import { LocalTime } from '../ui/local-time'

type Props = {
  /** Which key they carry: "the present key". */
  carries: string
  waiting: WaitingKey
}

/** How many waiting calls carry a key, and until when: "12 waiting calls keep the present key, until … at the latest." */
export function WaitingKeyWords({ carries, waiting: { calls, until, open } }: Props) {
  if (calls === 0) return <p>No waiting call carries {carries}.</p>
  return (
    <p>
      <strong className="font-medium text-text">
        {calls === 1 ? '1 waiting call' : `${calls.toLocaleString('en')} waiting calls`}
      </strong>{' '}
      {calls === 1 ? 'keeps' : 'keep'} {carries}
      {until !== null && (
        <>
          , until <LocalTime at={until} show="exact" /> at the latest
        </>
      )}
      .{open > 0 && ` ${openWords(open, calls)}`}
    </p>
  )
}

function openWords(open: number, calls: number): string {
  const which = open === calls ? (calls === 1 ? 'It waits' : 'They wait') : `${open.toLocaleString('en')} of them wait`
  return `${which} for as long as the WebHook is held or does not recover.`
}

/** The same, read when it is shown. */
export function ReadWaitingKey({ carries, read }: { carries: string; read: () => Promise<WaitingKey> }) {
  const [waiting, setWaiting] = useState<WaitingKey>()
  useEffect(() => {
    let left = false
    read().then(
      (found) => !left && setWaiting(found),
      // The words are a help; the change works without them.
      () => {},
    )
    return () => {
      left = true
    }
  }, [read])
  return waiting ? <WaitingKeyWords carries={carries} waiting={waiting} /> : <p>Counting what waits…</p>
}
