import path from 'node:path'
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
import { openPages, openPageUpgrades } from '@/lib/http/page-handler'
import { openRoutes } from '@/lib/http/routes'
import type { LocalPostgres } from '@/lib/local-postgres/local-postgres'
import { joinLocal, startLocal } from '@/lib/local-postgres/prepare-local'
import { log } from '@/lib/log'
import { errorText } from '@/lib/log-redaction'
import { limitRepeats } from '@/lib/log-repeats'
import { type RunningMailer, startMailer } from '@/lib/notices/mailer'
import { openMail } from '@/lib/notices/open-mail'
import { openPagesProcess, type PagesProcess } from '@/lib/pages/pages-process'
import { type RunningDrain, startDrain } from '@/lib/pipeline/drain/start-drain'
import { checkSessions, ofHub, startWorkers } from '@/lib/processes/worker-processes'
import { nodeWarning, refuseUnverifiedTls } from '@/lib/runtime-checks'
import { onStopSignal } from '@/lib/stop-signals'

// The one long-running process: the local database unless DATABASE_URL names one, migrations, the drain loop, the hub's own
// routes. The pages are a process of their own, started last and not waited for. HEARBACK_ROLE leaves parts out.
// `npm run build` compiles this file; scripts/start.mjs sets NODE_ENV and runs it.

const dev = process.env.NODE_ENV !== 'production'

/** A person or the system asks this process to stop. */
const stopping = new AbortController()

let local: LocalPostgres | undefined
let pool: pg.Pool | undefined
let drain: RunningDrain | undefined
let mailer: RunningMailer | undefined
let http: HttpServer | undefined
let pages: PagesProcess | undefined
let workers: { stop(): Promise<void> } | undefined

async function start(): Promise<void> {
  nextEnv.loadEnvConfig(process.cwd(), dev, { info() {}, error: console.error })
  refuseUnverifiedTls(process.env)
  if (process.env.HEARBACK_ROLE === 'worker') await joinLocal(process.env, 'npm run worker')
  else local = await startLocal(process.env, fail)
  const { HEARBACK_ROLE: role, DATABASE_URL: databaseUrl } = env()

  pool = database().pool
  await checkDatabase(pool, databaseUrl, { signal: stopping.signal })
  await checkSessions(pool, env().HEARBACK_WORKERS)
  await migrate(pool)
  if (role !== 'worker') await startHttp()
  if (role !== 'web') {
    drain = startDrain({ db: pipelinePool(), settings: env(), sameMachine: local !== undefined, log: log() })
    const mail = openMail(env())
    mailer = mail && startMailer({ db: pool, mail, log: log() })
    workers = startWorkers({ file: path.resolve('dist/server.mjs'), workers: env().HEARBACK_WORKERS, onEnd })
  }
  if (!pages) return sayReady(pool)
  const { ready } = pages
  pages.start()
  ready.then(() => sayReady(database().pool)).catch(fail)
}

/** A process that this one started has ended by itself. */
const onEnd = (words: string) => log().error(words)

async function startHttp(): Promise<void> {
  const { HOST: hostname, PORT: port, HEARBACK_URL: hubUrl, HEARBACK_SESSION_SECRET: sessionSecret } = env()
  const isTrusted = trustedRanges(env().HEARBACK_TRUSTED_PROXIES)
  const own = openPagesProcess({ file: path.resolve('dist/pages.mjs'), dev, hostname, port, onEnd })
  pages = own
  http = createHttpServer({ onUpgrade: dev ? openPageUpgrades(own, isTrusted) : undefined })
  http.answerWith(
    createListener({
      routes: openRoutes(pipelinePool(), () => drain),
      pages: openPages(own, { dev, hubUrl, sessionSecret, onAway }),
      isTrusted,
      dev,
      https: hubUrl.startsWith('https:'),
      onError: (error) => log().error(error, 'a request failed'),
    }),
  )
  await http.listen(port, hostname)
}

const oncePerSecond = limitRepeats()
const onAway = (reason: string) =>
  oncePerSecond(reason, (requests) => log().warn({ reason, requests }, 'the pages did not answer'))

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

/** First what takes work in and what does it, together: no call begins while requests end. Then what they need. */
async function stop(): Promise<void> {
  await Promise.all([http?.close(), drain?.stop(), mailer?.stop(), workers?.stop()])
  await pages?.stop()
  if (pool) await Promise.all([pipelinePool().end(), pool.end()])
  await local?.stop()
}

/** What a person can put right is one line; a stack is for bugs. */
async function fail(error: unknown): Promise<void> {
  console.error(error instanceof ConfigurationError ? error.message : errorText(error))
  await stop()
  process.exit(1)
}

// An error that nobody caught costs its own request or call. The hub stays for everybody else's.
process.on('uncaughtException', (error) => log().error(error, 'an uncaught error'))
process.on('unhandledRejection', (error) => log().error({ err: error }, 'an unhandled rejection'))

async function endInOrder(): Promise<void> {
  stopping.abort()
  await started.catch(() => {})
  await stop()
}
const started = start()
onStopSignal(endInOrder, { channel: process.argv.includes(ofHub) })
started.catch((error) => (stopping.signal.aborted ? undefined : fail(error)))
