import { describe, expect, test } from 'vitest'
import { reasonWords } from './call-state'
import { callFailures } from './failure'
import { failureWords, pillWords } from './failure-words'

const answer = (
  status: number | null,
  failure: (typeof callFailures)[number] | null,
  detail: string | null = null,
) => ({
  status,
  failure,
  detail,
})

describe('the label of a result', () => {
  test.each([
    [answer(200, null), '200 OK'],
    [answer(204, null), '204 No Content'],
    [answer(299, null), '299'],
    [answer(500, 'status'), '500'],
    [answer(302, 'redirect', '/login?next=%2F'), '302 → /login'],
    [answer(301, 'redirect', 'https://other.example.com/hooks'), '301 → other.example.com'],
    [answer(301, 'redirect', '//other.example.com/x'), '301 → //other.example.com/x'],
    [answer(304, 'redirect'), '304'],
    [answer(null, 'timeout', '5 s'), 'Timed out after 5 s'],
    [answer(null, 'name-not-found', 'ENOTFOUND'), 'Name not found'],
    [answer(null, 'name-not-found', 'EAI_AGAIN'), 'DNS did not answer'],
    [answer(null, 'blocked-address', '10.0.0.1 (private)'), 'Blocked address'],
    [answer(null, 'blocked-url', 'port 8443'), 'URL not allowed'],
    [answer(302, null), '302 Found'],
    [answer(999, 'status'), '999'],
  ])('%o is "%s"', (call, words) => {
    expect(pillWords(call)).toBe(words)
  })
})

describe('the sentence for a failure', () => {
  test('every failure has a sentence and a cure', () => {
    for (const failure of callFailures) {
      const words = failureWords(answer(failure === 'status' ? 500 : failure === 'redirect' ? 301 : null, failure))
      expect(words?.what).toMatch(/^[A-Z].{20,}\.$/)
      expect(words?.cure.length).toBeGreaterThan(20)
      expect(`${words?.what}${words?.cure}`).not.toMatch(/null|undefined|!/)
    }
  })

  test('every status from 400 to 999 has a cure', () => {
    for (let status = 400; status < 1000; status++) {
      const words = failureWords(answer(status, 'status'))
      expect(words?.what).toContain(String(status))
      expect(words?.cure).toBeTruthy()
    }
  })

  test('a redirect to a sign-in page has another cure than a moved address', () => {
    expect(failureWords(answer(302, 'redirect', '/login'))?.cure).toMatch(/sign-in/)
    expect(failureWords(answer(301, 'redirect', 'https://www.example.com/hook'))?.cure).toMatch(/WebHook URL/)
  })

  test('an expired certificate is named', () => {
    expect(failureWords(answer(null, 'tls', 'CERT_HAS_EXPIRED'))?.what).toMatch(/expired/)
  })

  test('a name that does not exist has another cure than name servers that do not answer', () => {
    expect(failureWords(answer(null, 'name-not-found', 'ENOTFOUND'))?.cure).toMatch(/spelling/)
    expect(failureWords(answer(null, 'name-not-found', 'EAI_AGAIN'))?.cure).toMatch(/name servers/)
  })

  test('a success has no sentence', () => {
    expect(failureWords(answer(200, null))).toBeUndefined()
  })
})

test('the reason of every outcome is a sentence, also an unknown one', () => {
  expect(reasonWords('switched-off')).toBe('The WebHook was switched off.')
  expect(reasonWords('some-new-reason')).toBe('Some new reason.')
})
