import { expect, test } from 'vitest'
import { ClaimWindow } from './claim-window'

test('claims look at all rows until one has seen them all, and then five seconds back', () => {
  const window = new ClaimWindow()
  expect(window.open(0)).toBe(Number.POSITIVE_INFINITY)
  expect(window.open(1_000)).toBe(Number.POSITIVE_INFINITY)
  window.sawAll(1_000)
  expect(window.open(1_400)).toBe(5_400)
  expect(window.open(60_000)).toBe(64_000)
  window.sawAll(60_000)
  expect(window.open(60_020)).toBe(5_020)
})

test('a claim that was asked to look at all does, also when another was under way', () => {
  const window = new ClaimWindow()
  window.open(0)
  window.widen()
  window.sawAll(0)
  expect(window.open(10)).toBe(Number.POSITIVE_INFINITY)
  window.sawAll(10)
  expect(window.open(20)).toBe(5_010)
})
