'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { OpenNotices } from '@/lib/notices/open-notices'

const everyMs = 15_000

/** The open notices, fetched when a page is opened and regularly while it is visible. */
export function useOpenNotices(first: OpenNotices, address: string) {
  const [notices, setNotices] = useState(first)
  const [given, setGiven] = useState(first)
  const path = usePathname()
  // Notices rendered by the server are newer than an earlier answer to a poll.
  if (given !== first) {
    setGiven(first)
    setNotices(first)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a layout is not drawn anew with its pages, so each page asks
  useEffect(() => {
    const leaving = new AbortController()
    const ask = async () => {
      if (document.hidden) return
      const answer = await fetch(address, { cache: 'no-store', redirect: 'manual', signal: leaving.signal }).catch(
        () => undefined,
      )
      const fresh = answer?.status === 200 ? await answer.json().catch(() => undefined) : undefined
      if (fresh && !leaving.signal.aborted) setNotices(fresh)
    }
    void ask()
    const timer = setInterval(ask, everyMs)
    document.addEventListener('visibilitychange', ask)
    return () => {
      leaving.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [address, path])

  return { notices, setNotices }
}
