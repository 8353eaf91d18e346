import { pillWords } from '@/lib/calls/failure-words'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'

/** "84 ms", "5.0 s". */
export const durationWords = (ms: number): string =>
  ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`

/** "200 OK in 84 ms". The words for a timeout already contain the time. */
export const testFireWords = (answer: TestFireAnswer): string =>
  answer.failure === 'timeout' ? pillWords(answer) : `${pillWords(answer)} in ${durationWords(answer.durationMs)}`

/** "312 bytes", "4.0 KiB". */
export const byteWords = (bytes: number): string =>
  bytes < 1024 ? `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}` : `${(bytes / 1024).toFixed(1)} KiB`

/** "0.8 ms", "84 ms", "5.0 s": a part of a call is often shorter than a millisecond. */
export const timingWords = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : durationWords(ms))

const units: [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
]

/** "12 ms", "5.2 s", "4 min", "2 h 10 min": how long a call waited. */
export function spanWords(ms: number): string {
  if (ms < 60_000) return timingWords(ms)
  const first = units.findIndex(([, length]) => ms >= length)
  const [name, length] = units[first] as [string, number]
  const rest = units[first + 1]
  const more = rest && Math.floor((ms % length) / rest[1])
  return `${Math.floor(ms / length)} ${name}${more ? ` ${more} ${rest[0]}` : ''}`
}
