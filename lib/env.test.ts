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
  test('has a default for every variable except the database, the address and the secrets', () => {
    expect(parseEnv(enough)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      HEARBACK_ROLE: 'all',
      HEARBACK_SECRET_KEYS: [key],
      HEARBACK_TRUSTED_PROXIES: [],
      HEARBACK_RETENTION_DAYS: 30,
    })
  })

  test('reads lists with spaces and empty parts', () => {
    expect(
      parseEnv({ ...enough, HEARBACK_TRUSTED_PROXIES: ' 10.0.0.0/8, ::1/128 ,' }).HEARBACK_TRUSTED_PROXIES,
    ).toEqual(['10.0.0.0/8', '::1/128'])
  })

  test('reads the addresses that calls come from as single addresses and ranges', () => {
    expect(parseEnv(enough).HEARBACK_EGRESS_IPS).toEqual([])
    const named = '203.0.113.7, 198.51.100.0/28,2001:db8::7,2001:db8::/64'
    expect(parseEnv({ ...enough, HEARBACK_EGRESS_IPS: named }).HEARBACK_EGRESS_IPS).toEqual([
      '203.0.113.7',
      '198.51.100.0/28',
      '2001:db8::7',
      '2001:db8::/64',
    ])
    expect(complaint({ HEARBACK_EGRESS_IPS: '203.0.113.7,hub.example' })).toBe(
      'HEARBACK_EGRESS_IPS is not an address such as 203.0.113.7 or an address range such as 203.0.113.0/28',
    )
  })

  test('needs SMTP_URL and MAIL_FROM together or neither', () => {
    expect(parseEnv(enough)).not.toHaveProperty('SMTP_URL')
    const url = 'smtps://hub%40shop.example:p%2Fss@mail.example:465'
    for (const from of ['hub@shop.example', 'Hearback <hub@shop.example>'])
      expect(parseEnv({ ...enough, SMTP_URL: url, MAIL_FROM: from })).toMatchObject({ SMTP_URL: url, MAIL_FROM: from })
    expect(complaint({ SMTP_URL: url })).toBe('SMTP_URL needs MAIL_FROM as well: the sender of mail')
    expect(complaint({ MAIL_FROM: 'hub@shop.example' })).toBe(
      'MAIL_FROM needs SMTP_URL as well: the server that sends mail',
    )
    expect(complaint({ SMTP_URL: url, MAIL_FROM: 'Hearback' })).not.toContain('p%2Fss')
  })

  test.each([
    ['https://hub.example/', 'https://hub.example'],
    ['https://Hub.Example:443', 'https://hub.example'],
    ['http://localhost:3000/', 'http://localhost:3000'],
  ])('reads HEARBACK_URL=%s as the origin %s', (given, origin) => {
    expect(parseEnv({ ...enough, HEARBACK_URL: given }).HEARBACK_URL).toBe(origin)
  })

  test.each([
    'postgresql:///hub?host=/var/run/postgresql&user=hub',
    'postgres://hub@/hub?host=/var/run/postgresql',
    'postgres://hub:p%40ss w%rd@db.example/hub',
    'postgres://%2Fvar%2Frun%2Fpostgresql/hub',
    'POSTGRES://hub@db.example/hub',
    'socket:/var/run/postgresql?db=hub',
    '/var/run/postgresql hub',
  ])('takes DATABASE_URL=%s as the driver does', (url) => {
    expect(parseEnv({ ...enough, DATABASE_URL: url }).DATABASE_URL).toBe(url)
  })

  test('treats an empty value as unset', () => {
    expect(parseEnv({ ...enough, PORT: '' }).PORT).toBe(3000)
    expect(complaint({ HEARBACK_SESSION_SECRET: '' })).toBe('HEARBACK_SESSION_SECRET is not set')
  })

  test.each([
    ['DATABASE_URL', 'mysql://db'],
    ['DATABASE_URL', 'db.example:5432/hub'],
    ['DATABASE_URL', 'hub'],
    ['DATABASE_URL', 'postgres://hub@db.example/hub?sslrootcert=/nowhere/ca.pem'],
    ['HEARBACK_URL', 'hub.example'],
    ['HEARBACK_URL', 'ftp://hub.example'],
    ['HEARBACK_URL', 'https://hub.example/hub'],
    ['HEARBACK_URL', 'https://hub.example/?a=b'],
    ['HEARBACK_URL', 'https://hub.example/#a'],
    ['HEARBACK_URL', 'https://user:pass@hub.example'],
    ['PORT', '70000'],
    ['HEARBACK_ROLE', 'boss'],
    ['HEARBACK_SECRET_KEYS', 'k1:short'],
    ['HEARBACK_SECRET_KEYS', ','],
    ['HEARBACK_SESSION_SECRET', 'short'],
    ['HEARBACK_TRUSTED_PROXIES', '10.0.0.1'],
    ['HEARBACK_EGRESS_IPS', '203.0.113'],
    ['HEARBACK_EGRESS_IPS', '203.0.113.0/33'],
    ['HEARBACK_RETENTION_DAYS', '3'],
    ['SMTP_URL', 'https://mail.example'],
    ['SMTP_URL', 'mail.example:25'],
    ['MAIL_FROM', 'Hearback'],
    ['MAIL_FROM', 'Hearback <hub@>'],
    ['MAIL_FROM', 'hub@shop.example\r\nBcc: x@y.example'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s in one line that names it', (name, value) => {
    expect(complaint({ [name]: value })).toMatch(new RegExp(`^${name} `))
    expect(complaint({ [name]: value })).not.toMatch(/\n/)
  })

  test('names every bad variable and shows no secret', () => {
    const message = complaint({ DATABASE_URL: undefined, PORT: 'x', HEARBACK_SECRET_KEYS: 'hunter2' })
    for (const name of ['DATABASE_URL is not set', 'PORT', 'HEARBACK_SECRET_KEYS']) expect(message).toContain(name)
    expect(message).not.toContain('hunter2')
  })
})
