import nextEnv from '@next/env'
import type pg from 'pg'
import { setupLink } from '@/lib/accounts/setup-code'
import { checkDatabase } from '@/lib/db/check-database'
import { database } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { pipelinePool } from '@/lib/db/pipeline-pool'
import { ConfigurationError, env } from '@/lib/env'
import { trustedRanges } from '@/lib/http/client-address'
import { createHttpServer, type HttpServer } from '@/lib/http/http-server'
import { createListener } from '@/lib/http/listener'
import { preparePages } from '@/lib/http/pages'
import { openRoutes } from '@/lib/http/routes'
import type { LocalPostgres } from '@/lib/local-postgres/local-postgres'
import { joinLocal, startLocal } from '@/lib/local-postgres/prepare-local'
import { log } from '@/lib/log'
import { type RunningMailer, startMailer } from '@/lib/notices/mailer'
import { openMail } from '@/lib/notices/open-mail'
import { type RunningDrain, startDrain } from '@/lib/pipeline/drain/start-drain'
import { nodeWarning, refuseUnverifiedTls } from '@/lib/runtime-checks'
import { onStopSignal } from '@/lib/stop-signals'

// The one long-running process: the local database unless DATABASE_URL names one, migrations, the drain loop, our own
// routes, Next for the rest. HEARBACK_ROLE leaves parts out. scripts/start.mjs sets NODE_ENV and starts it.

const dev = process.env.NODE_ENV !== 'production'

let local: LocalPostgres | undefined
let pool: pg.Pool | undefined
let drain: RunningDrain | undefined
let mailer: RunningMailer | undefined
let http: HttpServer | undefined
let pages: Awaited<ReturnType<typeof preparePages>> | undefined

async function start(): Promise<void> {
  nextEnv.loadEnvConfig(process.cwd(), dev, { info() {}, error: console.error })
  refuseUnverifiedTls(process.env)
  if (process.env.HEARBACK_ROLE === 'worker') await joinLocal(process.env, 'npm run worker')
  else local = await startLocal(process.env, fail)
  const { HEARBACK_ROLE: role, DATABASE_URL: databaseUrl } = env()

  pool = database().pool
  await checkDatabase(pool, databaseUrl)
  await migrate(pool)
  if (role !== 'worker') await startHttp()
  if (role !== 'web') {
    drain = startDrain({ db: pipelinePool(), settings: env(), log: log() })
    const mail = openMail(env())
    mailer = mail && startMailer({ db: pool, mail, log: log() })
  }
  await sayReady(pool)
}

async function startHttp(): Promise<void> {
  const { HOST: hostname, PORT: port, HEARBACK_URL, HEARBACK_TRUSTED_PROXIES } = env()
  http = createHttpServer({ webSockets: dev })
  await http.listen(port, hostname)
  pages = await preparePages({ dev, hostname, port, httpServer: http.server })
  http.answerWith(
    createListener({
      routes: openRoutes(pipelinePool(), () => drain),
      pages: pages.handle,
      isTrusted: trustedRanges(HEARBACK_TRUSTED_PROXIES),
      dev,
      https: HEARBACK_URL.startsWith('https:'),
      onError: (error) => log().error(error, 'a request failed'),
    }),
  )
}

/** One print, so that who waits for the ready line has the set-up link, too. */
async function sayReady(pool: pg.Pool): Promise<void> {
  const warning = nodeWarning(process.version, new Date())
  if (warning) console.warn(warning)
  const lines = [http ? `Hearback is ready: ${env().HEARBACK_URL}` : 'Hearback delivers (role worker)']
  if (local) lines.push(`DATABASE_URL is not set: local PostgreSQL, its data in ${local.dataDir}`)
  const { rows } = await pool.query<{ started: boolean }>('select exists(select 1 from accounts) as started')
  if (http && !rows[0]?.started) lines.push(`No account yet. Set up the first one here: ${setupLink()}`)
  console.log(lines.join('\n'))
}

/** What takes work in and what does it, at once: while requests end, no call begins. Then what keeps it. */
async function stop(): Promise<void> {
  await Promise.all([http?.close(), drain?.stop(), mailer?.stop()])
  await pages?.close()
  if (pool) await Promise.all([pipelinePool().end(), pool.end()])
  await local?.stop()
}

/** What a person can put right is one line; a stack is for bugs. */
async function fail(error: unknown): Promise<void> {
  console.error(error instanceof ConfigurationError ? error.message : error)
  await stop()
  process.exit(1)
}

const started = start()
onStopSignal(() => started.then(stop))
started.catch(fail)
