import pg from 'pg'
import { type Job, openJobs, openPoster, type Poster } from './signed-post'
import type { OpenSubject } from './subject'

// The limit of ingest and latency: an event is one row, inserted and committed on its own, and posted from memory after the
// commit. Nothing is matched, claimed, recorded or deleted.

const connections = 20

export const open: OpenSubject = async (setting) => {
  const pool = new pg.Pool({ connectionString: setting.databaseUrl, max: connections })
  await pool.query('create table jobs (id uuid primary key, target int not null, body text not null)')
  const jobsOf = openJobs(setting)
  let poster: Poster | undefined
  let jobs: Job[] = []
  let done: Promise<unknown> = Promise.resolve()

  async function add(event: number, width: number): Promise<Job[]> {
    const added = jobsOf(event, width)
    if (width === 1) {
      const text = 'insert into jobs (id, target, body) values ($1, $2, $3)'
      await pool.query({ name: 'insert', text, values: added.flatMap(({ id, target, body }) => [id, target, body]) })
      return added
    }
    const text = 'insert into jobs (id, target, body) select * from unnest($1::uuid[], $2::int[], $3::text[])'
    const values = [added.map(({ id }) => id), added.map(({ target }) => target), added.map(({ body }) => body)]
    await pool.query({ name: 'insert-wide', text, values })
    return added
  }

  const vacuum = async () => {
    await pool.query('vacuum analyze jobs')
  }

  async function work() {
    for (let job = jobs.pop(); job; job = jobs.pop()) await poster?.post(job)
  }

  return {
    settings: `one INSERT and commit for each event, ${connections} connections`,
    stores: [],
    async prepare(n) {
      await pool.query('truncate jobs')
      jobs = []
      let next = 0
      const fill = async () => {
        while (next < n) jobs.push(...(await add(next++, 1)))
      }
      await Promise.all(Array.from({ length: connections }, fill))
      await pool.query('checkpoint')
    },
    async add(event, width) {
      const added = await add(event, width)
      for (const job of added) {
        if (poster) void poster.post(job)
        else jobs.push(job)
      }
    },
    vacuum,
    async start() {
      poster = openPoster(setting)
      done = Promise.all(Array.from({ length: setting.inFlight }, work))
    },
    async finished() {
      await done
    },
    async stop() {
      await poster?.close()
      poster = undefined
    },
  }
}
