import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
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

/** Uses up the tries of an e-mail, five from each of four addresses. */
const exhaustEmail = async (email: string, network: string) => {
  for (let i = 0; i < 20; i++) expect(refused(await count(email, `${network}.${i % 4}`))).toBe(false)
}
const attemptsAt = (email: string, address: string, times: number) =>
  Promise.all(Array.from({ length: times }, () => count(email, address)))
const allowed = (answers: Awaited<ReturnType<typeof count>>[]) => answers.filter((answer) => !refused(answer)).length

describe('sign-in', () => {
  it('is refused after 5 failures of one e-mail from one address, until 15 minutes after the first', async () => {
    await setClock(0)
    for (let i = 0; i < 5; i++) expect(refused(await count('a@one.example', '192.0.2.1'))).toBe(false)
    const answer = await count('a@one.example', '192.0.2.1')
    if (!('refused' in answer)) throw new Error('not refused')
    expect(answer.refused.waitSeconds).toBeGreaterThan(880)
    expect(answer.refused.waitSeconds).toBeLessThanOrEqual(900)
    // The person may still sign in from another address, and another person from this one.
    expect(refused(await count('a@one.example', '192.0.2.2'))).toBe(false)
    expect(refused(await count('b@one.example', '192.0.2.1'))).toBe(false)
    await setClock(14)
    expect(refused(await count('a@one.example', '192.0.2.1'))).toBe(true)
    await setClock(16)
    expect(refused(await count('a@one.example', '192.0.2.1'))).toBe(false)
    await setClock(0)
  })

  it('is refused after 20 failures from one address, whatever the e-mails', async () => {
    for (let i = 0; i < 20; i++) expect(refused(await count(`p${i}@three.example`, '203.0.113.3'))).toBe(false)
    expect(refused(await count('p99@three.example', '203.0.113.3'))).toBe(true)
    expect(refused(await count('p99@three.example', '203.0.113.4'))).toBe(false)
  })

  it('is refused after 20 failures of one e-mail to every address that has failures', async () => {
    await count('b@two.example', '198.51.100.99')
    await exhaustEmail('a@two.example', '198.51.100')
    const answer = await count('a@two.example', '198.51.100.99')
    expect(answer).toMatchObject({ refused: { waitSeconds: expect.any(Number) } })
    expect('refused' in answer && answer.refused.waitSeconds).toBeGreaterThan(880)
  })

  it('allows one attempt a minute from addresses without failures once the limit of an e-mail is reached', async () => {
    await exhaustEmail('a@spare.example', '198.51.101')
    expect(refused(await count('a@spare.example', '198.51.101.200'))).toBe(false)
    const next = await count('a@spare.example', '198.51.101.201')
    expect('refused' in next && next.refused.waitSeconds).toBeGreaterThan(50)
    expect('refused' in next && next.refused.waitSeconds).toBeLessThanOrEqual(60)
    await setClock(2)
    // The address of the first spare attempt has a failure now.
    expect(refused(await count('a@spare.example', '198.51.101.200'))).toBe(true)
    expect(allowed(await attemptsAt('a@spare.example', '198.51.101.201', 10))).toBe(1)
    await setClock(0)
  })

  it('allows the next person at once after a spare attempt whose password was right', async () => {
    await exhaustEmail('a@right.example', '198.51.102')
    const attempt = { email: 'a@right.example', address: '198.51.102.200' }
    for (let i = 0; i < 3; i++) {
      const counted = await countAttempt(test.db, attempt)
      expect(counted).toHaveProperty('mark')
      if ('refused' in counted) throw new Error('refused')
      await forgive(test.db, attempt, counted.mark)
    }
  })

  it('counts the addresses of one IPv6 customer as one', async () => {
    for (let i = 0; i < 5; i++) expect(refused(await count('a@v6.example', `2001:db8:1:2::${i}`))).toBe(false)
    expect(refused(await count('a@v6.example', '2001:db8:1:2:ffff::9'))).toBe(true)
    expect(refused(await count('a@v6.example', '2001:db8:1:3::9'))).toBe(false)
  })

  it('allows exactly 5 of a burst of parallel attempts from one address', async () => {
    expect(allowed(await attemptsAt('a@four.example', '203.0.113.40', 60))).toBe(5)
  })

  it('allows a person to sign in from elsewhere during and after a burst from one address', async () => {
    const burst = attemptsAt('a@burst.example', '203.0.113.41', 60)
    expect(refused(await count('a@burst.example', '203.0.113.42'))).toBe(false)
    await burst
    expect(allowed(await attemptsAt('a@burst.example', '203.0.113.42', 4))).toBe(4)
  })

  it('does not count a refused attempt: trying again does not lengthen the wait', async () => {
    for (let i = 0; i < 5; i++) await count('a@five.example', '203.0.113.5')
    await setClock(14)
    for (let i = 0; i < 30; i++) expect(refused(await count('a@five.example', '203.0.113.5'))).toBe(true)
    const { rows } = await test.pool.query(`select 1 from sign_in_failures where subject = 'email:a@five.example'`)
    expect(rows).toHaveLength(5)
    await setClock(16)
    expect(refused(await count('a@five.example', '203.0.113.5'))).toBe(false)
    await setClock(0)
  })

  it('starts from zero for a person whose password was right', async () => {
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
