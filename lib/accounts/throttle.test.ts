import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/e2e/fixtures/postgres/database'
import { countAttempt, forgive, waitWords } from './throttle'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})

const count = (email: string, address: string) => countAttempt(test.db, { email, address })
const refused = (answer: Awaited<ReturnType<typeof count>>) => 'refused' in answer
const setClock = (minutes: number) =>
  test.pool.query(
    `create or replace function hub_now() returns timestamptz language sql stable parallel safe as $$ select now() + interval '${minutes} minutes' $$`,
  )

describe('sign-in', () => {
  it('is refused after 5 failures of one e-mail from one address, until 15 minutes after the first', async () => {
    await setClock(0)
    for (let i = 0; i < 5; i++) expect(refused(await count('a@one.example', '192.0.2.1'))).toBe(false)
    const answer = await count('a@one.example', '192.0.2.1')
    if (!('refused' in answer)) throw new Error('not refused')
    expect(answer.refused.waitSeconds).toBeGreaterThan(880)
    expect(answer.refused.waitSeconds).toBeLessThanOrEqual(900)
    // Another address may still sign the person in, another person may sign in from there.
    expect(refused(await count('a@one.example', '192.0.2.2'))).toBe(false)
    expect(refused(await count('b@one.example', '192.0.2.1'))).toBe(false)
    await setClock(14)
    expect(refused(await count('a@one.example', '192.0.2.1'))).toBe(true)
    await setClock(16)
    expect(refused(await count('a@one.example', '192.0.2.1'))).toBe(false)
    await setClock(0)
  })

  it('is refused after 20 failures of one e-mail, whatever the addresses', async () => {
    for (let i = 0; i < 20; i++) expect(refused(await count('a@two.example', `198.51.100.${i}`))).toBe(false)
    expect(refused(await count('a@two.example', '198.51.100.99'))).toBe(true)
  })

  it('is refused after 20 failures from one address, whatever the e-mails', async () => {
    for (let i = 0; i < 20; i++) expect(refused(await count(`p${i}@three.example`, '203.0.113.3'))).toBe(false)
    expect(refused(await count('p99@three.example', '203.0.113.3'))).toBe(true)
    expect(refused(await count('p99@three.example', '203.0.113.4'))).toBe(false)
  })

  it('counts the addresses of one IPv6 line as one', async () => {
    for (let i = 0; i < 5; i++) expect(refused(await count('a@v6.example', `2001:db8:1:2::${i}`))).toBe(false)
    expect(refused(await count('a@v6.example', '2001:db8:1:2:ffff::9'))).toBe(true)
    expect(refused(await count('a@v6.example', '2001:db8:1:3::9'))).toBe(false)
  })

  it('lets no burst slip through', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => count('a@four.example', '203.0.113.40')))
    expect(answers.filter((answer) => !refused(answer)).length).toBeLessThanOrEqual(5)
  })

  it('does not count what it refused: trying on does not lengthen the wait', async () => {
    for (let i = 0; i < 5; i++) await count('a@five.example', '203.0.113.5')
    await setClock(14)
    for (let i = 0; i < 30; i++) expect(refused(await count('a@five.example', '203.0.113.5'))).toBe(true)
    await setClock(16)
    expect(refused(await count('a@five.example', '203.0.113.5'))).toBe(false)
    await setClock(0)
  })

  it('starts from zero for a person who got it right', async () => {
    const attempt = { email: 'a@six.example', address: '203.0.113.6' }
    for (let i = 0; i < 4; i++) await countAttempt(test.db, attempt)
    const right = await countAttempt(test.db, attempt)
    if ('refused' in right) throw new Error('refused')
    await forgive(test.db, attempt, right.mark)
    for (let i = 0; i < 5; i++) expect(refused(await countAttempt(test.db, attempt))).toBe(false)
    expect(refused(await countAttempt(test.db, attempt))).toBe(true)
  })
})

it('says in words when to try again', () => {
  expect(waitWords(12)).toMatch(/in 12 seconds/)
  expect(waitWords(60)).toMatch(/in 1 minute\./)
  expect(waitWords(700)).toMatch(/in 12 minutes/)
})
