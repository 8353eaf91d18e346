import { expect, it } from 'vitest'
import { withSourceDefaults } from './source-defaults'

it('an event without a source comes from the source "Default", a web survey', () => {
  expect(withSourceDefaults()).toEqual({ key: 'default', name: 'Default', kind: 'web_survey' })
  expect(withSourceDefaults({ key: 'default' })).toEqual({ key: 'default', name: 'Default', kind: 'web_survey' })
})

it('a source without a name is called by its key', () => {
  expect(withSourceDefaults({ key: 'shop' })).toEqual({ key: 'shop', name: 'shop', kind: 'web_survey' })
})

it('what an event says of its source is kept', () => {
  const said = { key: 'default', name: 'Ticket closed', kind: 'email' } as const
  expect(withSourceDefaults(said)).toEqual(said)
})
