import { describe, expect, it } from 'vitest'
import { openTokenBuckets } from './token-bucket'

const rate = { perSecond: 2, burst: 10 }

function aBucket() {
  let now = 0
  const take = openTokenBuckets(100, () => now)
  const wait = (ms: number) => {
    now += ms
  }
  return { take: (cost = 1, key = 'one') => take(key, cost, rate), wait }
}

describe('a token bucket', () => {
  it('gives its burst at once and then nothing', () => {
    const { take } = aBucket()
    expect(Array.from({ length: 10 }, () => take())).toEqual(Array(10).fill(0))
    expect(take()).toBe(1)
  })

  it('gives the rate in the long run', () => {
    const { take, wait } = aBucket()
    let given = 0
    for (let ms = 0; ms < 60_000; ms += 10) {
      if (take() === 0) given++
      wait(10)
    }
    expect(given).toBeGreaterThanOrEqual(10 + 2 * 59)
    expect(given).toBeLessThanOrEqual(10 + 2 * 60 + 1)
  })

  it('holds no more than its burst, however long nothing is taken', () => {
    const { take, wait } = aBucket()
    wait(3_600_000)
    expect(take(10)).toBe(0)
    expect(take()).toBe(1)
  })

  it('gives a cost above its burst and makes later ones wait until it is paid off', () => {
    const { take, wait } = aBucket()
    expect(take(40)).toBe(0)
    expect(take()).toBe(15)
    wait(14_999)
    expect(take()).toBe(1)
    wait(2)
    expect(take()).toBe(0)
  })

  it('takes nothing for a refusal', () => {
    const { take, wait } = aBucket()
    take(12)
    for (let n = 0; n < 100; n++) expect(take()).toBe(1)
    wait(1001)
    expect(take()).toBe(0)
  })

  it('takes nothing for a cost of 0, and says whether it is empty', () => {
    const { take } = aBucket()
    expect([take(0), take(0), take(10), take(0)]).toEqual([0, 0, 0, 1])
  })

  it('counts each key for itself', () => {
    const { take } = aBucket()
    expect([take(10), take(1), take(1, 'other')]).toEqual([0, 1, 0])
  })
})
