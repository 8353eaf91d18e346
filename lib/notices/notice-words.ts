import type { Notice } from './open-notices'

// The words of a notice in the app and in mail: what happened, what the hub does next and what to do. Pure functions.

/** Text with moments (Unix milliseconds). The app shows them in the reader's time zone, mail in UTC. */
export type Sentence = (string | { at: number })[]

export type NoticeWords = {
  title: string
  /** What happened, and what the hub does next. */
  what: Sentence
  /** What the person can do. */
  cure: string
}

export function noticeWords({ kind, name, at, since, turnsOffAt, reason, exhausted }: Notice): NoticeWords {
  const rule = `“${name}”`
  const noSuccess: Sentence =
    since === null ? ['No call to it succeeds.'] : ['No call to it succeeded since ', { at: since }, '.']
  const turnsOff: Sentence =
    turnsOffAt === null ? ['after five days without a success'] : ['after ', { at: turnsOffAt }]
  switch (kind) {
    case 'failing':
      return {
        title: `${rule} has been failing for 15 minutes`,
        what: [
          ...noSuccess,
          ' We keep calling; what it misses is kept. If nothing changes, we turn it off ',
          ...turnsOff,
          '.',
        ],
        cure: 'Look at what your endpoint answered. The first 2xx ends this.',
      }
    case 'exhausted':
      return {
        title: `A delivery of ${rule} has used up its retries`,
        what: ['None of its calls succeeded. It is kept, but we do not call again by ourselves.'],
        cure: 'When your endpoint answers 2xx again, recover what failed on the WebHook’s page.',
      }
    case 'turning-off':
      return {
        title: `We turn ${rule} off in 24 hours`,
        what: [
          ...noSuccess,
          ' The first failed call ',
          ...turnsOff,
          ' turns it off, and what waits then ends as failed.',
        ],
        cure: 'One 2xx of your endpoint keeps it on.',
      }
    case 'turned-off':
      return {
        title:
          reason === 'gone'
            ? `We turned ${rule} off: it answered 410 Gone`
            : reason === 'asked'
              ? `We turned ${rule} off: its endpoint asked for it`
              : `We turned ${rule} off after five days of failure`,
        what: [
          ...(reason === 'gone'
            ? (['Your endpoint said at ', { at }, ' that its URL is gone for good.'] as Sentence)
            : reason === 'asked'
              ? (['Your endpoint answered at ', { at }, ' with the header “webhook-delivery: disable”.'] as Sentence)
              : ['No call to it succeeded for five days.']),
          ` We call it no more. ${waitedWords(exhausted)}`,
        ],
        cure: 'When it is ready, or has its new URL, turn it on again: you can test-fire it then and recover what failed.',
      }
    case 'held':
      return {
        title: `${rule} has been held for 7 days`,
        what: [
          ...((since === null ? ['It is held.'] : ['It is held since ', { at: since }, '.']) as Sentence),
          ' Its events wait, and nothing is called. What waits longer than this hub keeps its history ends as failed.',
        ],
        cure: 'Release it on its page, or switch it off if nothing is to be sent.',
      }
    case 'own-header-unused':
      return {
        title: `${rule} has an Authorization header that is not sent`,
        what: [
          'The account’s pre-shared key, or Basic, takes its place. An update of the hub has made this a choice of its own, and has changed nothing of what is sent.',
        ],
        cure: 'To send the stored header, edit the WebHook and choose “Own header” under Authentication. To be rid of it, save the WebHook as it is.',
      }
    case 'well':
      return {
        title: `${rule} is well again`,
        what: [
          'A call succeeded at ',
          { at },
          ...((since === null ? ['.'] : [', the first since ', { at: since }, '.']) as Sentence),
          ' What waited is on its way.',
        ],
        cure: 'If retries ran out meanwhile, recover what failed on the WebHook’s page.',
      }
  }
}

const waitedWords = (n: number): string => {
  if (n === 0) return 'Nothing was waiting for it.'
  return n === 1
    ? '1 delivery that waited is kept as failed.'
    : `${n.toLocaleString('en')} deliveries that waited are kept as failed.`
}
