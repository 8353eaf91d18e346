import { expect, test } from 'vitest'
import { recordOf, recordOfFeedback, renderContext } from '@/e2e/fixtures/data/event-records'
import { sampleEvent } from '../events/sample-events'
import { feefo } from './feefo'

const url = (id: string) => `https://hub.test/api/v1/reviews/all?merchant_identifier=quay&id=${id}`

test('the body has an id, the event and the link to this review, and no personal data', () => {
  const body = JSON.parse(feefo.render(recordOf(sampleEvent('feedback.created')), renderContext))
  expect(body).toEqual({
    id: expect.stringMatching(/^fbk_[0-9a-z]{26}$/),
    event: 'created',
    url: url(body.id),
  })
  const updated = recordOf(sampleEvent('feedback.updated'))
  expect(JSON.parse(feefo.render(updated, renderContext)).event).toBe('updated')
})

test('the link is the same for every version of a feedback', () => {
  const versions = [1, 2].map((version) => feefo.render(recordOfFeedback({ version, comment: 'a' }), renderContext))
  expect(new Set(versions).size).toBe(1)
})

test('the format signs nothing and adds no header', () => {
  const call = { deliveryId: 'dlv_1', timestamp: 1, triggeredAtMs: 1, signature: null }
  expect(feefo.secret).toBeNull()
  expect(feefo.sign({ deliveryId: 'dlv_1', timestamp: 1, body: '{}', secrets: [] })).toBeNull()
  expect(feefo.headers(call)).toEqual([])
})
