import type pg from 'pg'
import { env } from '../env'
import { openReviewsApi } from '../feedback/reviews-api'
import { log } from '../log'
import { type IngestOptions, openIngest } from '../pipeline/ingest/ingest'
import { openCronDrain } from './cron-drain'
import { openHealth } from './health'
import type { Route } from './route'

/**
 * What the long-running process answers itself. `db`: a pool opened with `pipeline: true`; `drain`: the one of this
 * process, once it has started.
 */
export const openRoutes = (db: pg.Pool, drain: IngestOptions['drain']): Route[] => [
  { path: '/api/v1/events', notRead: true, handler: openIngest({ db, hubUrl: env().HEARBACK_URL, log: log(), drain }) },
  { path: '/api/v1/reviews/*', handler: openReviewsApi({ db, log: log() }) },
  { path: '/api/cron/drain', handler: openCronDrain(db) },
  { path: '/api/health', handler: openHealth(db) },
]
