import type { Page } from '@playwright/test'
import type { ScreenData } from './screen-data'

// Every screen of the app, for `npm run screenshots`. screens.test.ts compares this list with the pages of app/.

/** How a screen is drawn: in light or dark, or on a phone of 390 px. */
export type Look = 'light' | 'dark' | '390'

/** `visitor`: signed out. `newcomer`: of an account without a WebHook. `beginner`: of one with its first WebHook. */
export type Person = 'owner' | 'visitor' | 'newcomer' | 'beginner'

export type Screen = {
  name: string
  /** The route of its page in app/. */
  route: string
  /** Its address, where the route alone is none. */
  at?: (data: ScreenData) => string
  /** Who sees it. Default: the owner of the demo's account. */
  as?: Person
  /** What is pressed before the picture is taken. */
  press?: (page: Page, data: ScreenData) => Promise<void>
  /** The looks in which a document shows the screen, under `<name>.png` or `<name>-<look>.png`. */
  inDocuments?: Look[]
}

/** The screen of a hub without an account. It is there before the demo's account is made. */
export const setUpScreen: Screen = { name: 'set-up', route: '/setup', as: 'visitor' }

/** Pages that show nothing themselves. */
export const redirects = ['/']

export const screens: Screen[] = [
  { name: 'sign-in', route: '/sign-in', as: 'visitor' },
  { name: 'forgotten', route: '/forgotten', as: 'visitor' },
  { name: 'reset', route: '/reset', at: ({ reset }) => reset, as: 'visitor' },
  { name: 'invitation', route: '/invitation', at: ({ invitation }) => invitation, as: 'visitor' },
  { name: 'shared', route: '/shared/[token]', at: ({ shared }) => shared, as: 'visitor' },
  { name: 'webhooks', route: '/settings/webhooks', inDocuments: ['light'] },
  { name: 'webhooks-empty', route: '/settings/webhooks', as: 'newcomer' },
  { name: 'first-steps', route: '/settings/webhooks', as: 'beginner' },
  { name: 'register', route: '/settings/webhooks/new' },
  {
    name: 'register-thermometer',
    route: '/settings/webhooks/new',
    press: (page) => page.getByRole('radio', { name: /Customer Thermometer/ }).check(),
  },
  { name: 'webhook', route: '/settings/webhooks/[id]', at: ({ webhook }) => `/settings/webhooks/${webhook}` },
  { name: 'edit', route: '/settings/webhooks/[id]/edit', at: ({ webhook }) => `/settings/webhooks/${webhook}/edit` },
  {
    name: 'verify',
    route: '/settings/webhooks/[id]/verify',
    at: ({ webhook }) => `/settings/webhooks/${webhook}/verify`,
  },
  { name: 'recover', route: '/settings/recover', at: ({ webhook }) => `/settings/recover?webhook=${webhook}` },
  { name: 'calls', route: '/settings/calls' },
  { name: 'calls-empty', route: '/settings/calls', as: 'newcomer' },
  { name: 'call', route: '/settings/calls/[id]', at: ({ call }) => `/settings/calls/${call}` },
  { name: 'events', route: '/settings/events' },
  { name: 'events-empty', route: '/settings/events', as: 'newcomer' },
  { name: 'event', route: '/settings/events/[id]', at: ({ event }) => `/settings/events/${event}` },
  { name: 'feedback', route: '/settings/feedback/[id]', at: ({ feedback }) => `/settings/feedback/${feedback}` },
  { name: 'find', route: '/settings/find', at: () => '/settings/find?id=no-such-id' },
  { name: 'sources', route: '/settings/sources' },
  { name: 'sources-empty', route: '/settings/sources', as: 'newcomer' },
  { name: 'source-new', route: '/settings/sources/new' },
  { name: 'source', route: '/settings/sources/[id]', at: ({ source }) => `/settings/sources/${source}` },
  {
    name: 'source-settings',
    route: '/settings/sources/[id]/settings',
    at: ({ source }) => `/settings/sources/${source}/settings`,
  },
  { name: 'recipes', route: '/settings/recipes' },
  { name: 'api', route: '/settings/api' },
  { name: 'account', route: '/settings/account' },
  { name: 'members', route: '/settings/members' },
  { name: 'audit', route: '/settings/audit' },
  { name: 'profile', route: '/settings/profile' },
  {
    name: 'two-factor',
    route: '/settings/profile',
    async press(page, { password }) {
      await page.getByRole('button', { name: 'Set up' }).click()
      await page.getByRole('dialog').getByLabel('Your password', { exact: true }).fill(password)
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    },
  },
  { name: 'catalogue', route: '/catalogue' },
  { name: 'reference', route: '/reference' },
]
