import { createHmac, createSecretKey } from 'node:crypto'
import { Pool } from 'undici'
import { newId } from '@/lib/db/ids'
import { numberDigits } from '../event-text'
import type { SubjectSetting } from './subject'

// The HTTP function of the ceiling and of every peer: one POST by undici's `Pool.request`, signed as Standard Webhooks.
// It has no address guard and no deadline.

/** `target`: the place of its target in the setting. */
export type Job = { id: string; target: number; body: string }

export type MadeCall = {
  job: Job
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  signedAt: number
  signature: string
  durationMs: number
}

export type Poster = {
  /** Resolves when the answer is read. Rejects unless it is a 200, which is what the receiver answers. */
  post(job: Job): Promise<MadeCall>
  close(): Promise<void>
}

export function openPoster({ targets, inFlight }: SubjectSetting): Poster {
  const places = targets.map(({ url, secret }) => {
    const { origin, pathname } = new URL(url)
    const key = createSecretKey(Buffer.from(secret.replace('whsec_', ''), 'base64'))
    return { client: new Pool(origin, { connections: inFlight, pipelining: 1 }), path: pathname, key }
  })
  return {
    async post(job) {
      const { client, path, key } = places[job.target] as (typeof places)[number]
      const began = performance.now()
      const signedAt = Math.floor(Date.now() / 1000)
      const signature = `v1,${createHmac('sha256', key).update(`${job.id}.${signedAt}.${job.body}`).digest('base64')}`
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'bench/1',
        'webhook-id': job.id,
        'webhook-timestamp': String(signedAt),
        'webhook-signature': signature,
      }
      const answer = await client.request({ path, method: 'POST', headers, body: job.body })
      const body = await answer.body.text()
      if (answer.statusCode !== 200) throw new Error(`the receiver answered ${answer.statusCode}`)
      return {
        job,
        status: answer.statusCode,
        headers: answer.headers,
        body,
        signedAt,
        signature,
        durationMs: performance.now() - began,
      }
    },
    async close() {
      await Promise.all(places.map(({ client }) => client.close()))
    },
  }
}

/** Makes the jobs of an event, as `Subject.add` says: the body of `setting` with the number of the event in it. */
export function openJobs({ body, targets }: SubjectSetting): (event: number, width: number) => Job[] {
  const mark = '"feedback-'
  const at = body.indexOf(mark) + mark.length
  const [before, after] = [body.slice(0, at), body.slice(at + numberDigits)]
  return (event, width) => {
    const own = before + String(event).padStart(numberDigits, '0') + after
    if (width === 1) return [{ id: newId(), target: event % targets.length, body: own }]
    return Array.from({ length: width }, (_, target) => ({ id: newId(), target, body: own }))
  }
}
