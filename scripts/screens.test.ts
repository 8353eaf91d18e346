import { expect, test } from 'vitest'
import { appRoutes } from './app-routes'
import { redirects, screens, setUpScreen } from './screens'

test('npm run screenshots shows every page of app/, and each picture has its own name', () => {
  const shown = new Set([setUpScreen, ...screens].map(({ route }) => route))
  expect([...shown, ...redirects].sort()).toEqual(appRoutes())
  const names = screens.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
