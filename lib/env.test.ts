import { describe, expect, test } from 'vitest'
import { ConfigurationError, parseEnv } from './env'

const key = `k1:${Buffer.alloc(32, 7).toString('base64')}`
const enough = {
  DATABASE_URL: 'postgresql://hub@db.example:5432/hub',
  HEARBACK_URL: 'https://hub.example',
  HEARBACK_SECRET_KEYS: key,
  HEARBACK_SESSION_SECRET: 's'.repeat(32),
}

const complaint = (change: Record<string, string | undefined>): string => {
  try {
    parseEnv({ ...enough, ...change })
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as Error).message
  }
  throw new Error('it was taken')
}

describe('the configuration', () => {
  test('has a default for all but the database, the address and the secrets', () => {
    expect(parseEnv(enough)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      HEARBACK_ROLE: 'all',
      HEARBACK_SECRET_KEYS: [key],
      HEARBACK_TRUSTED_PROXIES: [],
      HEARBACK_RETENTION_DAYS: 30,
    })
  })

  test('reads lists, with spaces and empty parts', () => {
    expect(
      parseEnv({ ...enough, HEARBACK_TRUSTED_PROXIES: ' 10.0.0.0/8, ::1/128 ,' }).HEARBACK_TRUSTED_PROXIES,
    ).toEqual(['10.0.0.0/8', '::1/128'])
  })

  test('takes an empty value as unset', () => {
    expect(parseEnv({ ...enough, PORT: '' }).PORT).toBe(3000)
    expect(complaint({ HEARBACK_SESSION_SECRET: '' })).toBe('HEARBACK_SESSION_SECRET is not set')
  })

  test.each([
    ['DATABASE_URL', 'mysql://db'],
    ['HEARBACK_URL', 'hub.example'],
    ['PORT', '70000'],
    ['HEARBACK_ROLE', 'boss'],
    ['HEARBACK_SECRET_KEYS', 'k1:short'],
    ['HEARBACK_SECRET_KEYS', ','],
    ['HEARBACK_SESSION_SECRET', 'short'],
    ['HEARBACK_TRUSTED_PROXIES', '10.0.0.1'],
    ['HEARBACK_RETENTION_DAYS', '3'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s in one line that names it', (name, value) => {
    expect(complaint({ [name]: value })).toMatch(new RegExp(`^${name} `))
    expect(complaint({ [name]: value })).not.toMatch(/\n/)
  })

  test('names every variable that is wrong, and shows no secret', () => {
    const message = complaint({ DATABASE_URL: undefined, PORT: 'x', HEARBACK_SECRET_KEYS: 'hunter2' })
    for (const name of ['DATABASE_URL is not set', 'PORT', 'HEARBACK_SECRET_KEYS']) expect(message).toContain(name)
    expect(message).not.toContain('hunter2')
  })
})
