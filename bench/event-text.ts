// The events of the benchmark: a feedback with ratings, texts and a customer, whose "Full event" body is 1 KB.

/** The number of digits of an event's number at each place in its text. */
export const numberDigits = 10

const comment =
  'The lamp arrived with a dent in its shade and the box had been opened before. Support answered on the same day, ' +
  'asked for two photographs and sent a new shade without any fuss; it came within the week and fits. I would buy ' +
  'here again, but the parcel service should be told about it.'

/** An event as the platform posts it. `id` and `feedbackId` are unique; `score` (0–9) decides which webhook wants it. */
export const eventText = (number: string, score: string): string =>
  `{"id":"event-${number}","type":"feedback.created","source":{"key":"ticket-closed","name":"Ticket closed","kind":"email"},` +
  `"feedback":{"id":"feedback-${number}","service":{"rating":4,"title":"Quick help","text":"Answered on the same day."},` +
  `"products":[{"sku":"LMP-7","title":"Brass desk lamp","rating":3,"text":"Lovely, but dented."}],` +
  `"nps":{"score":${score},"reason":"Delivery"},"comment":"${comment}","drivers":["Speed","Support"],` +
  `"customer":{"name":"Priya Shah","displayName":"Priya","email":"priya@example.net","location":"Leeds","country":"GB"},` +
  `"order":{"ref":"A-1001"},"tags":["web"]}}`

/** Spreads numbers over scores, so that each account gets every score when accounts alternate. */
export const scoreOf = (number: number): number => Math.floor(number / 10) % 10
