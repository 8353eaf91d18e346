import { expect, test } from 'vitest'
import { openPreviewLimit } from './preview-limit'

const done = async () => 'done'

test('the previews of one person are made one at a time, and others are not kept waiting', async () => {
  const limited = openPreviewLimit()
  let end: (value: string) => void = () => {}
  const first = limited('a', () => new Promise<string>((resolve) => (end = resolve)))
  expect(await limited('a', done)).toMatchObject({ waitSeconds: 1 })
  expect(await limited('b', done)).toBe('done')
  end('first')
  expect(await first).toBe('first')
  expect(await limited('a', done)).toBe('done')
})

test('a preview that failed does not keep the next one waiting', async () => {
  const limited = openPreviewLimit()
  const failing = limited('a', async () => {
    throw new Error('the database is away')
  })
  await expect(failing).rejects.toThrow('away')
  expect(await limited('a', done)).toBe('done')
})

test('ten previews in a row are made, then one every 2 s', async () => {
  let now = 0
  const limited = openPreviewLimit(() => now)
  for (let i = 0; i < 10; i++) expect(await limited('a', done)).toBe('done')
  expect(await limited('a', done)).toMatchObject({ waitSeconds: expect.any(Number) })
  now += 2_000
  expect(await limited('a', done)).toBe('done')
  expect(await limited('a', done)).toMatchObject({ waitSeconds: expect.any(Number) })
})
