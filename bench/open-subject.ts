import { randomBytes } from 'node:crypto'
import type { Bench } from './bench'
import type { Child } from './child'
import type { HubDatabase } from './hub-database'
import type { Subject, SubjectSetting } from './subjects/subject'
import type { SubjectMethods } from './subjects/subject-process'

export type OpenedSubject = Pick<Subject, 'settings' | 'stores'> & { name: string; process: Child<SubjectMethods> }

/** `hub`: the database of the product; the world's when there is none. Its history is kept when it is given. */
type Options = { inFlight: number; body: string; hub?: HubDatabase }

/** Starts the process of a subject, a file of subjects/. Each but the product and the ceiling gets a database of its own. */
export async function openSubject(
  { world, origins, startMeasured }: Bench,
  name: string,
  { inFlight, body, hub }: Options,
): Promise<OpenedSubject> {
  const env = { ...hub?.env, HEARBACK_DELIVERY_CONCURRENCY: String(inFlight) }
  const process = await startMeasured<SubjectMethods>('subjects/subject-process.ts', env)
  const ours = name === 'hearback' || name === 'ceiling'
  const setting: SubjectSetting = {
    databaseUrl: ours ? (hub ?? world).databaseUrl : await world.createDatabase(`peer_${name.replaceAll('-', '_')}`),
    targets: origins.map((origin) => ({
      url: `${origin}/hook`,
      secret: `whsec_${randomBytes(32).toString('base64')}`,
    })),
    inFlight,
    body,
    apiKeys: (hub ?? world).apiKeys,
    keepHistory: hub !== undefined,
  }
  return { name, process, ...(await process.call('open', name, setting)) }
}

/** A body as the product renders it, so that every subject sends the same number of bytes. */
export async function renderedBody(bench: Bench): Promise<string> {
  const { process } = await openSubject(bench, 'hearback', { inFlight: 10, body: '' })
  await process.call('prepare', 10)
  await process.end()
  const { rows } = await bench.world.pool.query<{ body: string }>('select body from payloads limit 1')
  return rows[0]?.body ?? ''
}
