import { expect, test } from 'vitest'
import { ConfigurationError } from './env'
import { nodeWarning, refuseUnverifiedTls } from './runtime-checks'

test('warns only of a Node version past its end of life', () => {
  expect(nodeWarning('v20.20.2', new Date('2026-11-22'))).toBe(
    'Node v20.20.2 has had no security fixes since 2026-04-30: Node 24 is recommended',
  )
  expect(nodeWarning('v20.20.2', new Date('2026-04-29'))).toBeUndefined()
  expect(nodeWarning('v24.18.0', new Date('2026-11-22'))).toBeUndefined()
  expect(nodeWarning('v99.0.0', new Date('2026-11-22'))).toBeUndefined()
})

test('refuses to run without certificate checks', () => {
  expect(() => refuseUnverifiedTls({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toThrow(ConfigurationError)
  refuseUnverifiedTls({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })
  refuseUnverifiedTls({})
})
