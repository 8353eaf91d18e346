import type pg from 'pg'
import { openPool } from '../db/client'
import { env } from '../env'

let pool: pg.Pool | undefined

/** The pool of this process's hot statements, opened on first use. */
export function pipelinePool(): pg.Pool {
  pool ??= openPool(env().DATABASE_URL, { pipeline: true })
  return pool
}
