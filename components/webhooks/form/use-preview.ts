'use client'

import { useEffect, useState } from 'react'
import type { Draft, Preview } from '@/lib/webhooks/preview'
import { conditionSchema } from '@/lib/webhooks/webhook-schema'

const settleMs = 250

/** What a draft would have matched lately, asked for when it has stood still a moment. The last answer stays meanwhile. */
export function usePreview(address: string, draft: Draft) {
  const [preview, setPreview] = useState<Preview>()
  const [failed, setFailed] = useState(false)
  const { events, condition, sources } = draft
  const complete =
    events.length > 0 &&
    conditionSchema.safeParse(condition).success &&
    (sources.kind === 'all' || sources.ids.length > 0)
  const wanted = complete ? JSON.stringify(draft) : ''

  useEffect(() => {
    if (wanted === '') return
    const outdated = new AbortController()
    const timer = setTimeout(async () => {
      const answer: Preview | undefined = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: wanted,
        redirect: 'manual',
        signal: outdated.signal,
      })
        .then((response) => (response.ok ? response.json() : undefined))
        .catch(() => undefined)
      if (outdated.signal.aborted) return
      setFailed(!answer)
      if (answer) setPreview(answer)
    }, settleMs)
    return () => {
      clearTimeout(timer)
      outdated.abort()
    }
  }, [address, wanted])

  return { preview, failed, complete }
}
