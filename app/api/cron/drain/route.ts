import { pipelinePool } from '@/lib/db/pipeline-pool'
import { openCronDrain } from '@/lib/http/cron-drain'

export const dynamic = 'force-dynamic'
/** In seconds. Must cover HEARBACK_CRON_BUDGET_S and the calls in flight when the budget ends. */
export const maxDuration = 120

const drain = (request: Request) => openCronDrain(pipelinePool())(request)

export { drain as GET, drain as POST }
