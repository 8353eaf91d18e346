import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openByteBudget } from './byte-budget'

test('whatever is added and released in whatever order, the bounds hold and everything is given back', () => {
  const limits = { total: 100, each: 40 }
  const owner = fc.constantFrom('a', 'b', 'c', 'd')
  const act = fc.record({ request: fc.nat(9), owner, bytes: fc.nat(60), release: fc.boolean() })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const budget = openByteBudget(limits)
      const requests = new Map<number, { owner: string; bytes: number; held: ReturnType<typeof budget.open> }>()
      const sum = (of?: string) =>
        [...requests.values()].reduce((sum, { owner, bytes }) => sum + (!of || owner === of ? bytes : 0), 0)
      for (const { request, owner, bytes, release } of acts) {
        const own = requests.get(request) ?? { owner, bytes: 0, held: budget.open(owner) }
        requests.set(request, own)
        const fits = sum() + bytes <= limits.total && sum(own.owner) + bytes <= limits.each
        if (release) {
          own.held.release()
          own.bytes = 0
        } else if (own.held.add(bytes)) {
          expect(fits).toBe(true)
          own.bytes += bytes
        } else expect(fits).toBe(false)
        expect(budget.held()).toBe(sum())
      }
      for (const { held } of requests.values()) held.release()
      expect(budget.held()).toBe(0)
    }),
  )
})
