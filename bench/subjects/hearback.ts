import { setTimeout as sleep } from 'node:timers/promises'
import { pipelinePool } from '@/lib/db/pipeline-pool'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { type RunningDrain, startDrain } from '@/lib/pipeline/drain/start-drain'
import { openIngest } from '@/lib/pipeline/ingest/ingest'
import { eventText, numberDigits, scoreOf } from '../event-text'
import { emptyHistory } from '../hub-database'
import type { OpenSubject } from './subject'

// The product: its own ingest fills the queue and its own drain delivers it, with all that they do.

const requestsAtOnce = 150

export const open: OpenSubject = async ({ apiKeys, inFlight, keepHistory }) => {
  const db = pipelinePool()
  const ingest = openIngest({ db, hubUrl: env().HEARBACK_URL, log: log() })
  let drain: RunningDrain | undefined
  let wanted = 0
  // Beyond the numbers of an earlier process on the same database.
  let number = Date.now() % 1e10

  const textOf = (event: number, score: number) => eventText(String(event).padStart(numberDigits, '0'), String(score))

  async function post(apiKey: string, body: string) {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const answer = await ingest(new Request('http://hub/api/v1/events', { method: 'POST', headers, body }))
    if (answer.status !== 202) throw new Error(`ingest answered ${answer.status}: ${await answer.text()}`)
  }

  /** Ten events, one for each webhook of the account. Accounts alternate, so that every group has all webhooks. */
  const postTen = (apiKey: string) =>
    post(apiKey, `[${Array.from({ length: 10 }, (_, score) => textOf(number++, score)).join(',')}]`)

  const vacuum = async () => {
    const history = keepHistory ? '' : ', payloads, deliveries, events, feedback, ingest_keys, accounts, webhooks'
    await db.query(`vacuum analyze queue${history}`)
  }

  return {
    settings: `HEARBACK_DELIVERY_CONCURRENCY ${inFlight}`,
    stores: [],
    async prepare(n) {
      if (!keepHistory) await emptyHistory(db)
      wanted = n
      let left = Math.ceil(n / 10)
      const work = async () => {
        while (left > 0) await postTen(apiKeys[left-- % apiKeys.length] as string)
      }
      await Promise.all(Array.from({ length: requestsAtOnce }, work))
      await vacuum()
      await db.query('checkpoint')
    },
    // How many webhooks want an event is a matter of its account.
    add: (event) => post(apiKeys[event % apiKeys.length] as string, textOf(event, scoreOf(event))),
    vacuum,
    async start() {
      drain = startDrain({ db, settings: env(), log: log() })
    },
    async finished() {
      while (drain && drain.counts.delivered < wanted) {
        if (drain.counts.failed > 0) throw new Error(`${drain.counts.failed} deliveries failed`)
        await sleep(3)
      }
      while ((await db.query('select 1 from queue limit 1')).rowCount) await sleep(3)
    },
    async stop() {
      await drain?.stop()
    },
  }
}
