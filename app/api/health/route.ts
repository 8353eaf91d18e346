import { openHealth } from '@/lib/http/health'
import { pipelinePool } from '@/lib/pipeline/pipeline-pool'

export const dynamic = 'force-dynamic'

export const GET = (request: Request) => openHealth(pipelinePool())(request)
