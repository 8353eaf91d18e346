import { expect, test } from 'vitest'
import { nextSlice, sliceIsOver } from './slices'

/** Works for at least a millisecond. */
function step(): void {
  const end = performance.now() + 1
  while (performance.now() < end);
}

test('all sliced work of the process shares one slice of 8 ms a turn of the loop', async () => {
  let turns = 0
  let going = true
  const count = () => {
    turns++
    if (going) setImmediate(count)
  }
  setImmediate(count)
  const work = async () => {
    for (let i = 0; i < 10; i++) {
      step()
      if (sliceIsOver()) await nextSlice()
    }
  }
  await Promise.all(Array.from({ length: 20 }, work))
  going = false
  // 200 steps, and each of the 20 pieces of work may begin with one of its own.
  expect(turns).toBeGreaterThanOrEqual((200 - 20) / 9)
})

test('work in an open transaction goes on before all other, and the rest in the order of asking', async () => {
  const order: string[] = []
  const wait = async (name: string, transaction: boolean) => {
    await nextSlice({ transaction })
    order.push(name)
  }
  await Promise.all([wait('first', false), wait('second', false), wait('transaction', true), wait('third', false)])
  expect(order).toEqual(['transaction', 'first', 'second', 'third'])
})
