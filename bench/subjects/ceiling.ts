import { createHmac, createSecretKey } from 'node:crypto'
import { Pool } from 'undici'
import type { OpenSubject } from './subject'

// The control: how many signed POSTs one process makes with undici's `Pool.request` when it does nothing else. It has no
// queue, no database and no address guard, and keeps nothing of the answer.

export const open: OpenSubject = async ({ targets, inFlight, body }) => {
  let jobs = 0
  let made = 0
  let done: Promise<unknown> = Promise.resolve()
  let places: { client: Pool; path: string; key: ReturnType<typeof createSecretKey> }[] = []

  async function post(job: number) {
    const { client, path, key } = places[job % places.length] as (typeof places)[number]
    const id = `msg_${String(made++).padStart(26, '0')}`
    const timestamp = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'ceiling/1',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    }
    const answer = await client.request({ path, method: 'POST', headers, body })
    await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`the receiver answered ${answer.statusCode}`)
  }

  async function work() {
    while (jobs > 0) await post(--jobs)
  }

  return {
    async prepare(n) {
      jobs = n
    },
    async start() {
      places = targets.map(({ url, secret }) => {
        const { origin, pathname } = new URL(url)
        const key = createSecretKey(Buffer.from(secret.replace('whsec_', ''), 'base64'))
        return { client: new Pool(origin, { connections: inFlight, pipelining: 1 }), path: pathname, key }
      })
      done = Promise.all(Array.from({ length: inFlight }, work))
    },
    async finished() {
      await done
    },
    async stop() {
      await Promise.all(places.map(({ client }) => client.close()))
    },
  }
}
