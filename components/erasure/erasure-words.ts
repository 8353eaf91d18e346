import type { ErasureInput } from '@/lib/erasure/erasure-schema'
import type { ErasureState, ShownErasure } from '@/lib/erasure/erasures'
import type { Tone } from '../ui/badge'

/** What can name a customer: in the choice, in the line of an erasure, and the label of what is entered. */
export const keyWords: Record<ErasureInput['by'], { label: string; line: string; help: string }> = {
  email: {
    label: 'E-mail address',
    line: 'By e-mail address',
    help: 'Everything that carries this address, in whatever case.',
  },
  'external-id': {
    label: 'Your id of the customer',
    line: 'By your id of the customer',
    help: 'Everything whose customer.externalId is this, exactly.',
  },
  'feedback-id': {
    label: 'Feedback id',
    line: 'By feedback id',
    help: 'This one feedback and the messages about it. Yours, or the fbk_… that payloads carry.',
  },
}

export const stateLooks: Record<ErasureState, { tone: Tone; words: string }> = {
  counting: { tone: 'info', words: 'Counting' },
  counted: { tone: 'warning', words: 'Waits for you' },
  erasing: { tone: 'info', words: 'Erasing' },
  done: { tone: 'success', words: 'Erased' },
  withdrawn: { tone: 'neutral', words: 'Withdrawn' },
}

const counted = (n: number, one: string, many = `${one}s`) =>
  n === 0 ? [] : [`${n.toLocaleString('en')} ${n === 1 ? one : many}`]

export const foundNothing = ({ found }: Pick<ShownErasure, 'found'>): boolean =>
  Object.values(found).every((n) => n === 0)

/** "2 feedback, 1 message and 5 events"; "nothing" where there is nothing. */
export function foundWords({ found: { feedback, declines, messages, events } }: Pick<ShownErasure, 'found'>): string {
  const parts = [
    ...counted(feedback, 'feedback', 'feedback'),
    ...counted(declines, 'declined survey'),
    ...counted(messages, 'message'),
    ...counted(events, 'event'),
  ]
  return joined(parts)
}

/** "3 deliveries, 4 answers and 1 queued delivery cancelled" */
export function erasedWords({ erased: { deliveries, calls, cancelled } }: Pick<ShownErasure, 'erased'>): string {
  return joined([
    ...counted(deliveries, 'delivery', 'deliveries'),
    ...counted(calls, 'answer'),
    ...counted(cancelled, 'queued delivery cancelled', 'queued deliveries cancelled'),
  ])
}

const joined = (parts: string[]): string =>
  parts.length < 2 ? (parts[0] ?? 'nothing') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
