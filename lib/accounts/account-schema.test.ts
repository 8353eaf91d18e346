import { describe, expect, it } from 'vitest'
import { changePasswordSchema, identifierFrom, newAccountSchema } from './account-schema'
import { apiKeyFormSchema } from './api-key-schema'

const good = {
  name: 'Quay Lamps',
  identifier: 'quay-lamps',
  email: 'Priya@Example.net ',
  password: 'three small words',
}
const messageOf = (field: string, value: unknown) => {
  const result = newAccountSchema.safeParse({ ...good, [field]: value })
  return result.error?.issues.find(({ path }) => path[0] === field)?.message
}

describe('a new account', () => {
  it('keeps names trimmed and e-mail addresses in small letters', () => {
    expect(newAccountSchema.parse({ ...good, name: '  Quay Lamps ' })).toEqual({ ...good, email: 'priya@example.net' })
  })

  it.each([
    ['name', '   ', /Enter the name/],
    ['name', 'a'.repeat(61), /at most 60/],
    ['name', 'line\nbreak', /can’t be shown/],
    ['name', 'nul\0', /can’t be shown/],
    ['name', 'half \ud83d', /can’t be shown/],
    ['email', 'nul\0@b.example', /can’t be shown/],
    ['email', 'half\ud83d@b.example', /can’t be shown/],
    ['password', 'three small\0words', /can’t be shown/],
    ['password', 'three small \ud83d', /can’t be shown/],
    ['email', 'priya@', /not a whole e-mail address/],
    ['email', `${'a'.repeat(250)}@b.io`, /too long/],
    ['password', '••••••••••', /dots that are shown/],
    ['password', '**********', /dots that are shown/],
    ['password', 'nine char', /at least 10/],
    ['password', 'x'.repeat(129), /at most 128/],
    ['identifier', 'ab', /at least 3/],
    ['identifier', 'a'.repeat(41), /at most 40/],
    ['identifier', 'Quay', /small letters/],
    ['identifier', 'quay_lamps', /small letters/],
    ['identifier', '-quay', /Start and end/],
    ['identifier', 'quay-', /Start and end/],
  ])('refuses %s %j in words', (field, value, words) => {
    expect(messageOf(field, value)).toMatch(words)
  })
})

it.each(['line\nbreak', 'nul\0', 'half \ud83d'])('refuses %j as the name of an API key, in words', (name) => {
  expect(apiKeyFormSchema.safeParse({ name, scopes: ['ingest'], ends: 'never' }).error?.issues).toMatchObject([
    { path: ['name'], message: expect.stringMatching(/can’t be shown/) },
  ])
})

describe('an identifier made from a name', () => {
  it.each([
    ['Quay Lamps Ltd.', 'quay-lamps-ltd'],
    ['Müller & Söhne', 'muller-sohne'],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
    ['東京', ''],
    ['A', ''],
  ])('%j gives %j', (name, identifier) => {
    expect(identifierFrom(name)).toBe(identifier)
    if (identifier) expect(newAccountSchema.shape.identifier.safeParse(identifier).success).toBe(true)
  })
})

it('refuses a new password that is the present one', () => {
  const result = changePasswordSchema.safeParse({
    currentPassword: 'three small words',
    newPassword: 'three small words',
  })
  expect(result.error?.issues).toMatchObject([{ path: ['newPassword'] }])
})
