import { pipelinePool } from '@/lib/db/pipeline-pool'
import { openHealth } from '@/lib/http/health'

export const dynamic = 'force-dynamic'

export const GET = (request: Request) => openHealth(pipelinePool())(request)
