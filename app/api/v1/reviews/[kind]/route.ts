import { pipelinePool } from '@/lib/db/pipeline-pool'
import { openReviewsApi } from '@/lib/feedback/reviews-api'
import { openOnce } from '@/lib/http/open-once'
import { log } from '@/lib/log'

// For serverless hosts; server.ts answers these requests before Next.

export const dynamic = 'force-dynamic'

/** Written by the host's own proxy: the last hop. What a client claims stands before it. */
const addressOf = (request: Request) => request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? null

const read = openOnce(() => openReviewsApi({ db: pipelinePool(), log: log(), addressOf }))

export { read as DELETE, read as GET, read as HEAD, read as PATCH, read as POST, read as PUT }
