import { openApiDocument } from '@/lib/api/openapi-document'
import { env } from '@/lib/env'

export const dynamic = 'force-dynamic'

/** The OpenAPI document, which holds nothing of any account. */
export function GET() {
  return Response.json(openApiDocument(env().HEARBACK_URL), { headers: { 'cache-control': 'public, max-age=300' } })
}
