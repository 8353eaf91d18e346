import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { CallSummary } from './call-summary'

const call = { ruleName: 'Low', ruleHref: undefined, url: 'https://shop.example/', at: 0, durationMs: 5, attempt: '1' }
const shown = (reconnected: boolean) =>
  renderToStaticMarkup(<CallSummary {...call} reconnected={reconnected} event={undefined} />)

test('a call whose request was sent again on a new connection says so, and no other does', () => {
  expect(shown(true)).toContain('Tried again on a new connection')
  expect(shown(false)).not.toContain('connection')
})
