import { sharedApi } from '@/lib/api/shared-api'
import { pipelinePool } from '@/lib/db/pipeline-pool'
import { env } from '@/lib/env'
import { openOnce } from '@/lib/http/open-once'
import { log } from '@/lib/log'
import { openIngest } from '@/lib/pipeline/ingest/ingest'

// With server.ts, events that are posted are answered before they reach Next. Reading them is the management API's.

export const dynamic = 'force-dynamic'

const ingest = openOnce(() => openIngest({ db: pipelinePool(), hubUrl: env().HEARBACK_URL, log: log() }))

export { ingest as DELETE, ingest as PATCH, ingest as POST, ingest as PUT, sharedApi as GET }
