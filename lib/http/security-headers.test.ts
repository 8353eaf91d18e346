import { expect, test } from 'vitest'
import { securityHeaders } from './security-headers'

const inProduction = { nonce: 'abc', dev: false, https: true }

test('scripts run only with the nonce, and nothing is evaluated', () => {
  const policy = securityHeaders(inProduction)['content-security-policy']
  expect(policy).toContain("script-src 'self' 'nonce-abc';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe-eval')
  expect(policy).not.toContain('ws:')
})

test('what is no page carries no nonce and runs no script', () => {
  const { nonce: _, ...rest } = inProduction
  expect(securityHeaders(rest)['content-security-policy']).toContain("script-src 'none';")
})

test('development may evaluate and keep a web socket', () => {
  const policy = securityHeaders({ ...inProduction, dev: true })['content-security-policy']
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'unsafe-eval';")
  expect(policy).toContain("connect-src 'self' ws:;")
})

test('strict transport security is promised only on https', () => {
  expect(securityHeaders(inProduction)).toHaveProperty('strict-transport-security')
  expect(securityHeaders({ ...inProduction, https: false })).not.toHaveProperty('strict-transport-security')
})
