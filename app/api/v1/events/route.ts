import { pipelinePool } from '@/lib/db/pipeline-pool'
import { env } from '@/lib/env'
import { openOnce } from '@/lib/http/open-once'
import { log } from '@/lib/log'
import { openIngest } from '@/lib/pipeline/ingest/ingest'

// For serverless hosts; server.ts answers these requests before Next.

export const dynamic = 'force-dynamic'

const take = openOnce(() => openIngest({ db: pipelinePool(), hubUrl: env().HEARBACK_URL, log: log() }))

export { take as DELETE, take as GET, take as PATCH, take as POST, take as PUT }
