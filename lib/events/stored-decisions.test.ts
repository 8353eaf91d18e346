import { expect, test } from 'vitest'
import { decisionCodes } from './event-record'
import { readStoredDecisions, storeDecisions } from './stored-decisions'

test('decisions are stored with a number for each reason, and read as they were', () => {
  const row = {
    notify: true,
    webhooks: decisionCodes.map((code, i): [number, number, typeof code] => [i + 1, 2, code]),
    others: { off: 7 },
  }
  const stored = JSON.parse(JSON.stringify(storeDecisions(row)))
  expect(stored.webhooks[0]).toEqual([1, 2, 0])
  expect(readStoredDecisions(stored)).toEqual(row)
  // Events from before migration 0019.
  expect(readStoredDecisions(row)).toEqual(row)
})

test('the places that stored events name never move', () => {
  const released =
    'matched off source-not-chosen event-not-chosen regardless-only unknown-feedback no-service-rating service-rating-not-chosen no-product-rating product-rating-not-chosen no-nps-score nps-score-not-chosen no-temperature temperature-not-chosen part-not-new no-score no-answers no-comment no-tag tag-not-chosen no-country country-not-chosen no-language language-not-chosen question-not-answered answer-not-chosen no-property property-not-equal'
  expect(decisionCodes.slice(0, 28).join(' ')).toBe(released)
})
