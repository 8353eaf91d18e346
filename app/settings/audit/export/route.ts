import { authorise } from '@/lib/accounts/authorise'
import { exportAudit } from '@/lib/audit/audit-export'
import { readAuditFilter } from '@/lib/audit/audit-filter'
import { readWholeLog } from '@/lib/audit/audit-log'
import { exportResponse } from '@/lib/csv'
import { db } from '@/lib/db/client'

/** The audit log of the filter as a file: `?format=csv`, or NDJSON. */
export async function GET(request: Request) {
  const { account } = await authorise('admin', request)
  const address = Object.fromEntries(new URL(request.url).searchParams)
  const filter = readAuditFilter(address)
  if (!filter) return new Response(null, { status: 404 })
  const format = address.format === 'csv' ? 'csv' : 'ndjson'
  return exportResponse('audit', format, exportAudit(readWholeLog(db(), account.id, filter), format))
}
