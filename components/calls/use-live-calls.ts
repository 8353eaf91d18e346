'use client'

import { useEffect, useState } from 'react'

const pollMs = 1000
const pollAfterErrorMs = 5000

export type LiveState = 'live' | 'away' | 'signed-out'

/**
 * The latest calls, polled once a second while the page is visible. When nothing changed, the answer is an empty 304
 * and the value stays the same object. Without an address, nothing is polled.
 */
export function useLiveCalls<Seen>(first: Seen, address: string | undefined): { seen: Seen; state: LiveState } {
  const [seen, setSeen] = useState(first)
  const [state, setState] = useState<LiveState>('live')

  useEffect(() => {
    if (address === undefined) return
    let etag = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const leaving = new AbortController()

    let polling = false

    const poll = async () => {
      if (polling) return
      polling = true
      const answer = await fetch(address, {
        headers: etag ? { 'if-none-match': etag } : {},
        cache: 'no-store',
        redirect: 'manual',
        signal: leaving.signal,
      }).catch(() => undefined)
      const fresh = answer?.status === 200 ? await answer.json().catch(() => undefined) : undefined
      polling = false
      if (leaving.signal.aborted) return
      // The hub redirects a person without a session to the sign-in page.
      if (answer?.type === 'opaqueredirect' || answer?.status === 401) return setState('signed-out')
      if (fresh) {
        etag = answer?.headers.get('etag') ?? ''
        setSeen(fresh)
      }
      const well = fresh !== undefined || answer?.status === 304
      setState(well ? 'live' : 'away')
      if (!document.hidden) timer = setTimeout(poll, well ? pollMs : pollAfterErrorMs)
    }
    const onVisibility = () => {
      clearTimeout(timer)
      if (!document.hidden) void poll()
    }

    void poll()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      leaving.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [address])

  return { seen, state }
}
