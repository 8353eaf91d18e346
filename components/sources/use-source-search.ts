'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import type { SourceChoice } from '@/lib/sources/source-queries'

const pauseMs = 250
const firstPage = 200
/** The size of later pages, which are loaded when most of the sources found are included already. */
const nextPage = 1000

type Found = { sources: SourceChoice[]; more: boolean }
type State = 'searching' | 'found' | 'failed'

/** The sources that a search finds: the first 200, and more on `more`. The previous result stays until the next arrives. */
export function useSourceSearch(address: string, search: string, kind: string) {
  const [found, setFound] = useState<Found>({ sources: [], more: false })
  const [state, setState] = useState<State>('searching')
  const asking = useRef<AbortController>(undefined)

  /** Reads one more page, after those before; undefined: the hub did not answer. */
  const readPage = useCallback(
    (before: SourceChoice[], signal: AbortSignal): Promise<Found | undefined> => {
      const after = before.at(-1)?.id
      const query = new URLSearchParams({
        search,
        ...(kind && { kind }),
        ...(after && { after }),
        size: String(after ? nextPage : firstPage),
      })
      return fetch(`${address}?${query}`, { redirect: 'manual', signal })
        .then((response) => (response.ok ? (response.json() as Promise<Found>) : undefined))
        .then((answer) => answer && { sources: [...before, ...answer.sources], more: answer.more })
        .catch(() => undefined)
    },
    [address, search, kind],
  )

  const ask = useCallback(
    async (before: SourceChoice[], whole = false): Promise<SourceChoice[] | undefined> => {
      asking.current?.abort()
      const own = new AbortController()
      asking.current = own
      setState('searching')
      let answer = await readPage(before, own.signal)
      while (whole && answer?.more) answer = await readPage(answer.sources, own.signal)
      if (own.signal.aborted) return undefined
      if (answer) setFound(answer)
      setState(answer ? 'found' : 'failed')
      return answer?.sources
    },
    [readPage],
  )

  const asked = useRef(false)
  useEffect(() => {
    setState('searching')
    const timer = setTimeout(() => ask([]), asked.current ? pauseMs : 0)
    asked.current = true
    return () => {
      clearTimeout(timer)
      asking.current?.abort()
    }
  }, [ask])

  const more = () => {
    if (found.more && state === 'found') void ask(found.sources)
  }
  /** Loads what is left, and returns all. */
  const all = () => ask(found.sources, true)
  return { found: found.sources, endless: found.more, state, more, all }
}
