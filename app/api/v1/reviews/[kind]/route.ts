import { pipelinePool } from '@/lib/db/pipeline-pool'
import { openReviewsApi } from '@/lib/feedback/reviews-api'
import { openOnce } from '@/lib/http/open-once'
import { log } from '@/lib/log'

// Used on serverless hosts only. With server.ts, these requests are answered before they reach Next.

export const dynamic = 'force-dynamic'

/** The last address, which the host's own proxy appends. A client can set only those before it. */
const addressOf = (request: Request) => request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? null

const read = openOnce(() => openReviewsApi({ db: pipelinePool(), log: log(), addressOf }))

export { read as DELETE, read as GET, read as HEAD, read as PATCH, read as POST, read as PUT }
