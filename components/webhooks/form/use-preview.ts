'use client'

import { useEffect, useState } from 'react'
import type { Preview } from '@/lib/webhooks/preview'
import { conditionSchema, type Rule } from '@/lib/webhooks/webhook-schema'

const settleMs = 250

/** What a rule would have matched lately, asked for when it has stood still a moment. The last answer stays meanwhile. */
export function usePreview(address: string, rule: Rule) {
  const [preview, setPreview] = useState<Preview>()
  const [failed, setFailed] = useState(false)
  const complete = rule.events.length > 0 && conditionSchema.safeParse(rule.condition).success
  const wanted = complete ? JSON.stringify(rule) : ''

  useEffect(() => {
    if (wanted === '') return
    const outdated = new AbortController()
    const timer = setTimeout(async () => {
      const answer: Preview | undefined = await fetch(`${address}?rule=${encodeURIComponent(wanted)}`, {
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
