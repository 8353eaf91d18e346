import type pg from 'pg'
import { env } from '../env'
import { openPool } from './client'

// Shared by the process, not by the module: see lib/db/client.ts.
const place = globalThis as typeof globalThis & { hearbackPipelinePool?: pg.Pool }

/** The pool of this process's hot statements, opened on first use. */
export function pipelinePool(): pg.Pool {
  place.hearbackPipelinePool ??= openPool(env().DATABASE_URL, { pipeline: true })
  return place.hearbackPipelinePool
}
