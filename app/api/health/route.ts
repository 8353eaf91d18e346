import { pipelinePool } from '@/lib/db/pipeline-pool'
import { openHealth } from '@/lib/http/health'
import { openOnce } from '@/lib/http/open-once'

export const dynamic = 'force-dynamic'

export const GET = openOnce(() => openHealth(pipelinePool()))
