import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DrainMode } from './drain-mode'

let recovered: number
const opened = () => {
  const mode = new DrainMode(() => recovered++)
  mode.sessionOpened()
  return mode
}
beforeEach(() => {
  recovered = 0
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => vi.useRealTimers())

test('a drain runs once its session is open', () => {
  const mode = new DrainMode(() => recovered++)
  expect(mode.now).toBe('starting')
  expect(mode.sessionOpened()).toBe(true)
  expect(mode.now).toBe('running')
})

test('a drain that starts during an outage recovers before it runs', () => {
  const mode = new DrainMode(() => recovered++)
  mode.sessionClosed()
  expect(mode.now).toBe('away')
  expect(mode.sessionOpened()).toBe(false)
  expect(mode.now).toBe('recovering')
})

test('an outage ends when the session is open and the database answered, and runs again two seconds later', () => {
  const mode = opened()
  mode.sessionClosed()
  mode.databaseAnswered()
  expect(mode.now).toBe('away')
  expect(mode.sessionOpened()).toBe(false)
  vi.advanceTimersByTime(1_999)
  expect([mode.now, recovered]).toEqual(['recovering', 0])
  vi.advanceTimersByTime(1)
  expect([mode.now, recovered]).toEqual(['running', 1])
})

test('an outage during recovering begins it anew', () => {
  const mode = opened()
  mode.databaseFailed()
  mode.databaseAnswered()
  vi.advanceTimersByTime(1_500)
  mode.databaseFailed()
  vi.advanceTimersByTime(5_000)
  expect([mode.now, recovered]).toEqual(['away', 0])
  mode.databaseAnswered()
  vi.advanceTimersByTime(2_000)
  expect([mode.now, recovered]).toEqual(['running', 1])
})

test('isolation begins only where the drain runs, and its end does not end an outage', () => {
  const mode = opened()
  expect(mode.isolate()).toBe(true)
  mode.databaseFailed()
  expect(mode.endIsolation()).toBe(false)
  expect(mode.now).toBe('away')
  expect(mode.isolate()).toBe(false)
  mode.databaseAnswered()
  expect(mode.isolate()).toBe(false)
  expect(mode.endIsolation()).toBe(false)
  expect(mode.now).toBe('recovering')
})

test('nothing follows stopping', () => {
  const mode = opened()
  mode.databaseFailed()
  mode.databaseAnswered()
  mode.stop()
  vi.advanceTimersByTime(5_000)
  mode.sessionClosed()
  mode.sessionOpened()
  expect(mode.isolate()).toBe(false)
  expect([mode.now, recovered]).toEqual(['stopping', 0])
})
