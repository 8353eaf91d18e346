'use client'

import { useEffect, useState } from 'react'
import { onlyIfListSchema } from '@/lib/webhooks/only-if-schema'
import type { Draft, Preview } from '@/lib/webhooks/preview'
import { conditionSchema } from '@/lib/webhooks/webhook-schema'

const pauseMs = 250

/** What a draft would have matched lately, asked for when it has stood still a moment. The last answer stays meanwhile. */
export function usePreview(address: string, draft: Draft) {
  const [preview, setPreview] = useState<Preview>()
  const [failed, setFailed] = useState(false)
  /** Previews were asked for too often: it is asked again in some seconds. */
  const [waiting, setWaiting] = useState(false)
  const { events, condition, onlyIf, sources } = draft
  const complete =
    events.length > 0 &&
    conditionSchema.safeParse(condition).success &&
    onlyIfListSchema.safeParse(onlyIf).success &&
    (sources.kind === 'all' || sources.ids.length > 0)
  const wanted = complete ? JSON.stringify(draft) : ''

  useEffect(() => {
    if (wanted === '') return
    const outdated = new AbortController()
    let timer = setTimeout(ask, pauseMs)
    async function ask() {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: wanted,
        redirect: 'manual',
        signal: outdated.signal,
      }).catch(() => undefined)
      const answer: Preview | undefined = response?.ok ? await response.json().catch(() => undefined) : undefined
      if (outdated.signal.aborted) return
      const waits = response?.status === 429
      setWaiting(waits)
      if (waits) timer = setTimeout(ask, 1000 * Number(response.headers.get('retry-after') ?? 1))
      else setFailed(!answer)
      if (answer) setPreview(answer)
    }
    return () => {
      clearTimeout(timer)
      outdated.abort()
    }
  }, [address, wanted])

  return { preview, failed, waiting, complete }
}
