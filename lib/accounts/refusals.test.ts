import { expect, it } from 'vitest'
import { ForeignRequestError, RoleTooLowError, refusalWords } from './refusals'
import { mayAct, roles } from './roles'

it('lets each role do what the weaker ones may', () => {
  const may = roles.map((role) => roles.filter((needed) => mayAct(role, needed)))
  expect(may).toEqual([['viewer'], ['viewer', 'admin'], ['viewer', 'admin', 'owner']])
})

it('has words for refusals also when only their digest reached the browser', () => {
  const arrived = Object.assign(new Error('An error occurred in the Server Components render.'), {
    digest: new RoleTooLowError('needs admin').digest,
  })
  expect(refusalWords(arrived)?.title).toMatch(/role/)
  expect(refusalWords(new ForeignRequestError('x'))?.message).toMatch(/this hub’s own pages/)
  expect(refusalWords(new Error('boom'))).toBeUndefined()
})
