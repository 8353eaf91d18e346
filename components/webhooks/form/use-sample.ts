'use client'

import { useState } from 'react'
import { useWatch } from 'react-hook-form'
import { faultSentence, readEvent } from '@/lib/events/read-event'
import { sampleEvent } from '@/lib/events/sample-events'
import { formats } from '@/lib/formats/formats'
import { useWebhookForm } from './webhook-form-state'

export type Sample = ReturnType<typeof useSample>

/** The sample event of the test fire. It follows the form's events until the person edits it. */
export function useSample() {
  const { control } = useWebhookForm()
  const [format, events] = useWatch({ control, name: ['format', 'events'] })
  const [edited, setEdited] = useState<string>()
  const [error, setError] = useState<string>()
  const offers = formats[format].offers
  const type = offers.find((offer) => events.includes(offer.type))?.type ?? offers[0]?.type ?? 'feedback.created'
  const text = edited ?? JSON.stringify(sampleEvent(type), null, 2)
  return {
    text,
    error,
    edited: edited !== undefined,
    edit(next: string) {
      setEdited(next)
      if (error) setError(readSample(next).error)
    },
    check: () => setError(readSample(text).error),
    /** Shows what the server says about it. */
    refuse: setError,
    reset() {
      setEdited(undefined)
      setError(undefined)
    },
    /** The event, or undefined with its error shown. */
    read() {
      const { event, error: wrong } = readSample(text)
      setError(wrong)
      return event
    },
  }
}

function readSample(text: string): { event?: unknown; error?: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { error: 'This is not JSON yet: look for a missing comma, quote or bracket.' }
  }
  const read = readEvent(parsed)
  return 'fault' in read ? { error: faultSentence(read.fault) } : { event: parsed }
}
