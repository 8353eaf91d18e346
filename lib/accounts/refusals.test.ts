import { expect, it } from 'vitest'
import { refusals, refusalText, refusalWords } from './refusals'
import { mayAct, roles } from './roles'

it('lets each role do what the weaker ones may', () => {
  const may = roles.map((role) => roles.filter((needed) => mayAct(role, needed)))
  expect(may).toEqual([['viewer'], ['viewer', 'admin'], ['viewer', 'admin', 'owner']])
})

it('has words for refusals of which only their digest or their text reached the browser', () => {
  const arrived = (status: number) =>
    Object.assign(new Error('An error occurred in the Server Components render.'), {
      digest: `NEXT_HTTP_ERROR_FALLBACK;${status}`,
    })
  expect(refusalWords(arrived(401))).toBe(refusals.signedOut)
  expect(refusalWords(arrived(403))).toBe(refusals.role)
  expect(refusalWords(arrived(404))).toBeUndefined()
  expect(refusalWords(new Error(refusalText(refusals.foreign)))).toBe(refusals.foreign)
  expect(refusalWords(new Error('boom'))).toBeUndefined()
})
