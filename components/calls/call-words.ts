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
