import type { ResultFilter } from '@/lib/calls/call-filter'
import { type CallFailure, callFailures } from '@/lib/calls/failure'
import { pillWords } from '@/lib/calls/failure-words'
import { eventTypes } from '@/lib/events/event-types'
import { eventTypeWords } from '@/lib/events/event-words'

// What the filters of the call log offer; '' is any.

export const resultOptions: { value: ResultFilter; label: string }[] = [
  { value: 'all', label: 'All results' },
  { value: 'delivered', label: 'Delivered (2xx)' },
  { value: 'failed', label: 'Failed' },
]

const failureWords = (failure: CallFailure): string => {
  if (failure === 'status') return 'Answered with an error'
  return failure === 'redirect' ? 'Redirect' : pillWords({ status: null, failure, detail: null })
}

export const failureOptions = [
  { value: '', label: 'Any' },
  ...callFailures.map((failure) => ({ value: failure, label: failureWords(failure) })),
]

export const testOptions = [
  { value: '', label: 'Among the others' },
  { value: 'true', label: 'Only test fires' },
  { value: 'false', label: 'None' },
]

export const typeOptions = [
  { value: '', label: 'All events' },
  ...eventTypes.map((type) => ({ value: type, label: eventTypeWords[type] })),
]
