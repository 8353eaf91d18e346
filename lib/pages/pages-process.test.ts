import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { openPagesProcess, type PagesProcess } from './pages-process'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-pages-process-'))
const program = (name: string, text: string) => {
  const file = path.join(folder, `${name}.mjs`)
  fs.writeFileSync(file, text)
  return file
}
const answering = program('answering', `process.on('disconnect', () => process.exit()).send('ready')`)
const failing = program('failing', 'process.exit(3)')

const node = process.execPath
let pages: PagesProcess
let ends: string[]
function start(file: string, hostname = '127.0.0.1') {
  ends = []
  pages = openPagesProcess({ file, dev: false, hostname, port: 0, onEnd: (words) => ends.push(words) })
  pages.start()
}
const ended = (times: number) => expect.poll(() => ends.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(times)

afterEach(async () => {
  process.execPath = node
  await pages.stop()
  expect(fs.existsSync(path.dirname(pages.socketPath))).toBe(false)
})
afterAll(() => fs.rmSync(folder, { recursive: true }))

test('a process that the operating system cannot create is started again until it can be', async () => {
  process.execPath = path.join(folder, 'no-such-node')
  start(answering)
  await ended(2)
  expect(ends[0]).toMatch(/ENOENT.* is started again in 500 ms/)
  expect(ends[1]).toMatch(/ENOENT.* is started again in 1000 ms/)
  expect(pages.isReady()).toBe(false)
  process.execPath = node
  await pages.ready
  expect(pages.isReady()).toBe(true)
})

test('a program that may not be executed is an end like any other', async () => {
  process.execPath = answering
  start(answering)
  await ended(1)
  expect(ends[0]).toMatch(/EACCES/)
})

test('an error that Node throws instead of emitting it is an end like any other', async () => {
  start(answering, 'x'.repeat(1_000_000))
  expect(ends).toEqual([expect.stringMatching(/E2BIG.* is started again in 500 ms/)])
})

test('a process that ends at its start is started again, each time after twice the pause', async () => {
  start(failing)
  await ended(3)
  const pauses = ends.map((words) => / \(exit code 3\) .* (\d+) ms$/.exec(words)?.[1])
  expect(pauses).toEqual(['500', '1000', '2000'])
})

test('a process that was stopped is not started again', async () => {
  start(answering)
  await pages.ready
  await pages.stop()
  expect([ends, pages.isReady()]).toEqual([[], false])
})
