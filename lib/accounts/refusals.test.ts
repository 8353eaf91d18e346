import { expect, it } from 'vitest'
import { foreignTo, RefusedError, refusals, refusalText, refusalWords } from './refusals'
import { mayAct, roles } from './roles'

it('lets each role do what the weaker ones may', () => {
  const may = roles.map((role) => roles.filter((needed) => mayAct(role, needed)))
  expect(may).toEqual([['viewer'], ['viewer', 'admin'], ['viewer', 'admin', 'owner']])
})

it('has words for refusals of which only their digest or their text reached the browser', () => {
  const arrived = (digest: string) =>
    Object.assign(new Error('An error occurred in the Server Components render.'), { digest })
  for (const why of ['signedOut', 'role', 'foreign'] as const)
    expect(refusalWords(arrived(new RefusedError(why).digest))).toBe(refusals[why])
  expect(refusalWords(arrived('3129847'))).toBeUndefined()
  expect(refusalWords(new Error(refusalText(refusals.foreign)))).toBe(refusals.foreign)
  expect(refusalWords(new Error(refusalText(foreignTo('https://hub.example'))))).toEqual({
    title: 'We stopped this request',
    message: 'This hub’s address is https://hub.example (HEARBACK_URL). Open the page there and repeat it.',
  })
  expect(refusalWords(new Error('boom'))).toBeUndefined()
})

it('has words for an answer that never came, came from something before the hub, or names an action of another build', () => {
  const next = 'An unexpected response was received from the server.'
  expect(refusalWords(new Error(next))).toBe(refusals.away)
  expect(refusalWords(new TypeError('Failed to fetch'))).toBe(refusals.lost)
  expect(refusalWords(new Error('Connection closed.'))).toBe(refusals.lost)
  expect(refusalWords(Object.assign(new Error('"x" was not found'), { name: 'UnrecognizedActionError' }))).toBe(
    refusals.outdated,
  )
})
