import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDebounce } from './debounce'

let runs: number[]
const note = () => void runs.push(performance.now())
beforeEach(() => {
  runs = []
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => vi.useRealTimers())

test('a request for now runs at once, and more of them run once at the end of the gap', () => {
  const debounce = openDebounce(note, 5)
  for (let n = 0; n < 10; n++) debounce.within(0)
  expect(runs).toEqual([0])
  expect(debounce.pending).toBe(true)
  vi.advanceTimersByTime(100)
  expect(runs).toEqual([0, 5])
  expect(debounce.pending).toBe(false)
  debounce.within(0)
  expect(runs).toEqual([0, 5, 100])
})

test('of several requests the earliest counts', () => {
  const debounce = openDebounce(note)
  for (const ms of [50, 20, 80]) debounce.within(ms)
  vi.advanceTimersByTime(200)
  expect(runs).toEqual([20])
})

test('a request that its own run makes is answered by another run', () => {
  const debounce = openDebounce(() => {
    note()
    if (runs.length < 3) debounce.within(10)
  })
  debounce.within(0)
  vi.advanceTimersByTime(100)
  expect(runs).toEqual([0, 10, 20])
})

test('a request that is dropped runs nothing', () => {
  const debounce = openDebounce(note)
  debounce.within(10)
  debounce.cancel()
  vi.advanceTimersByTime(100)
  expect(runs).toEqual([])
})
