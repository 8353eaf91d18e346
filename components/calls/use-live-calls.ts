'use client'

import { useEffect, useState } from 'react'

const everyMs = 1000
const troubledMs = 5000

export type LiveState = 'live' | 'away' | 'signed-out'

/**
 * The latest calls, asked for once a second while the page is in sight. What did not change costs an empty answer and
 * gives back the same value. Without an address it stays as it is.
 */
export function useLiveCalls<Seen>(first: Seen, address: string | undefined): { seen: Seen; state: LiveState } {
  const [seen, setSeen] = useState(first)
  const [state, setState] = useState<LiveState>('live')

  useEffect(() => {
    if (address === undefined) return
    let etag = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const leaving = new AbortController()

    let asking = false

    const ask = async () => {
      if (asking) return
      asking = true
      const answer = await fetch(address, {
        headers: etag ? { 'if-none-match': etag } : {},
        cache: 'no-store',
        redirect: 'manual',
        signal: leaving.signal,
      }).catch(() => undefined)
      const fresh = answer?.status === 200 ? await answer.json().catch(() => undefined) : undefined
      asking = false
      if (leaving.signal.aborted) return
      // Signed out, the hub points to the sign-in page.
      if (answer?.type === 'opaqueredirect' || answer?.status === 401) return setState('signed-out')
      if (fresh) {
        etag = answer?.headers.get('etag') ?? ''
        setSeen(fresh)
      }
      const well = fresh !== undefined || answer?.status === 304
      setState(well ? 'live' : 'away')
      if (!document.hidden) timer = setTimeout(ask, well ? everyMs : troubledMs)
    }
    const onVisibility = () => {
      clearTimeout(timer)
      if (!document.hidden) void ask()
    }

    void ask()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      leaving.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [address])

  return { seen, state }
}
