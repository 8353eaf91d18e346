import { type Job, openJobs, openPoster, type Poster } from './signed-post'
import type { OpenSubject } from './subject'

// The raw ceiling: how many signed POSTs one process makes when it does nothing else. It has no queue and no database, and
// keeps nothing of the answer. An event that is added is posted at once.

export const open: OpenSubject = async (setting) => {
  const jobsOf = openJobs(setting)
  let poster: Poster | undefined
  let jobs: Job[] = []
  let done: Promise<unknown> = Promise.resolve()

  async function work() {
    for (let job = jobs.pop(); job; job = jobs.pop()) await poster?.post(job)
  }

  return {
    settings: `undici Pool.request, ${setting.inFlight} in flight`,
    stores: [],
    async prepare(n) {
      jobs = Array.from({ length: n }, (_, i) => jobsOf(i, 1)).flat()
    },
    async add(event, width) {
      for (const job of jobsOf(event, width)) void poster?.post(job)
    },
    async vacuum() {},
    async start() {
      poster = openPoster(setting)
      done = Promise.all(Array.from({ length: setting.inFlight }, work))
    },
    async finished() {
      await done
    },
    async stop() {
      await poster?.close()
    },
  }
}
