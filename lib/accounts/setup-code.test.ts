import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { setupCodeMatches, setupLink } from './setup-code'

const secret = 'a session secret of enough length'
Object.assign(process.env, {
  DATABASE_URL: 'postgresql:///unused',
  HEARBACK_URL: 'https://hub.example',
  HEARBACK_SECRET_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  HEARBACK_SESSION_SECRET: secret,
})
const code = createHmac('sha256', secret).update('setup').digest('base64url').slice(0, 24)

test('the set-up link carries the code', () => {
  expect(setupLink()).toBe(`https://hub.example/setup?code=${code}`)
})

test('only the code itself matches, whatever the length of others', () => {
  expect(setupCodeMatches(code)).toBe(true)
  for (const wrong of ['', code.slice(1), `${code}x`, code.toLowerCase(), 'é'.repeat(24)])
    expect(setupCodeMatches(wrong)).toBe(false)
})
