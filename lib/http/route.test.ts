import { expect, test } from 'vitest'
import { matchRoute } from './route'

const named = (name: string) => Object.assign(async () => new Response(name), { title: name })
const routes = [
  { path: '/api/v1/events', handler: named('events') },
  { path: '/api/v1/reviews/*', handler: named('reviews') },
]
const titleOf = (target: string) => (matchRoute(routes, target) as { title: string } | undefined)?.title

test.each([
  ['/api/v1/events', 'events'],
  ['/api/v1/events?x=/api/v1/reviews/', 'events'],
  ['/api/v1/reviews/all?id=7', 'reviews'],
  ['/api/v1/events/7', undefined],
  ['/api/v1/reviews', undefined],
  ['/', undefined],
  ['', undefined],
])('%s belongs to %s', (target, title) => {
  expect(titleOf(target)).toBe(title)
})

test('a route that is not read leaves GET and HEAD to the pages', () => {
  const own = [{ path: '/api/v1/events', handler: named('events'), notRead: true }]
  const takes = (method: string) => matchRoute(own, '/api/v1/events', method) !== undefined
  expect(['GET', 'HEAD', 'POST', 'PUT'].map(takes)).toEqual([false, false, true, true])
})
