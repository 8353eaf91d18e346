import { pipelinePool } from '@/lib/db/pipeline-pool'
import { env } from '@/lib/env'
import { openOnce } from '@/lib/http/open-once'
import { log } from '@/lib/log'
import { openIngest } from '@/lib/pipeline/ingest/ingest'

// Used on serverless hosts only. With server.ts, these requests are answered before they reach Next.

export const dynamic = 'force-dynamic'

const ingest = openOnce(() => openIngest({ db: pipelinePool(), hubUrl: env().HEARBACK_URL, log: log() }))

export { ingest as DELETE, ingest as GET, ingest as PATCH, ingest as POST, ingest as PUT }
