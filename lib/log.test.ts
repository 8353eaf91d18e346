import { setTimeout as sleep } from 'node:timers/promises'
import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openLog } from './log'
import { errorText, redactText } from './log-redaction'

function aLog() {
  const lines: Record<string, unknown>[] = []
  const log = openLog('info', { write: (line) => void lines.push(JSON.parse(line)) })
  return { log, lines }
}

const token = 'XkQ9v2mB7tLw4Rz8Yp1NcD6s'
const failed = (value = token) =>
  new DrizzleQueryError(
    'select "id" from "sessions" where "token" = $1',
    [value, 'ada@shop.example'],
    new Error('gone'),
  )

test('a failed query is logged without its parameters, with its frames and its cause', () => {
  const { log, lines } = aLog()
  log.error(failed(), 'a page failed')
  const text = JSON.stringify(lines)
  expect(text).not.toContain(token)
  expect(text).not.toContain('ada@')
  expect(text).toContain('where \\"token\\" = $1')
  expect(lines[0]).toMatchObject({ msg: 'a page failed', err: { cause: { message: 'gone' } } })
  expect(lines[0]).toMatchObject({ err: { stack: expect.stringMatching(/^\s+at .*log\.test\.ts/) } })
})

test('an error without a message of ours does not get its own', () => {
  const { log, lines } = aLog()
  log.error(failed())
  expect(JSON.stringify(lines)).not.toContain(token)
})

test('the message of an error, given as a field, is masked and limited as well', () => {
  const { log, lines } = aLog()
  for (const webhookId of ['a', 'b']) log.warn({ webhookId, error: failed().message }, 'could not read')
  expect(lines).toMatchObject([{ webhookId: 'a', msg: 'could not read' }])
  expect(JSON.stringify(lines)).not.toContain(token)
})

test('properties of an error other than its code are not logged', () => {
  const { log, lines } = aLog()
  log.error(Object.assign(new Error('duplicate key'), { code: '23505', detail: `Key (token)=(${token})` }), 'x')
  expect(JSON.stringify(lines)).not.toContain(token)
  expect(lines[0]?.err).toMatchObject({ code: '23505' })
})

test('a thousand of the same error within a second are two lines, the second with their count', async () => {
  const { log, lines } = aLog()
  for (let i = 0; i < 1_000; i++) log.error(failed(`${token}${i}`), 'a page failed')
  log.error(new Error('another'), 'a page failed')
  expect(lines).toHaveLength(2)
  await sleep(1_200)
  expect(lines).toHaveLength(3)
  expect(lines[2]).toMatchObject({ times: 999, msg: 'a page failed' })
})

test.each([
  ['connect ECONNREFUSED 203.0.113.7:5432', 'connect ECONNREFUSED [address]'],
  ['from 2001:db8::1', 'from [address]'],
  ['at 12:34:56', 'at 12:34:56'],
  ['no user ada.b@shop.example here', 'no user [address] here'],
  ['fetch https://u:p@shop.example/hook/s3cret?key=1 failed', 'fetch https://shop.example/… failed'],
  ['GET /settings/calls?search=ada failed', 'GET /settings/calls?… failed'],
  ['authorization: Bearer abc', 'authorization: Bearer [redacted]'],
  ['cookie hearback.session_token=XkQ9v2mB7tLw4Rz8Yp1NcD6s.sig', 'cookie hearback.[redacted].sig'],
  ['\u001b[31mred\u001b[39m', 'red'],
  ['the WebHook was deleted', 'the WebHook was deleted'],
])('of “%s” is logged “%s”', (text, logged) => {
  expect(redactText(text)).toBe(logged)
})

test('what is no error is masked, too', () => {
  expect(errorText(`thrown ${token}`)).toBe('thrown [redacted]')
})
