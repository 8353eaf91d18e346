import { recordAudit } from '@/lib/accounts/audit'
import { authorise } from '@/lib/accounts/authorise'
import { callColumns, exportCalls } from '@/lib/calls/call-export'
import { callFilterQuery, readCallFilter } from '@/lib/calls/call-filter'
import { exportFormat, exportResponse, exportStream } from '@/lib/csv'
import { db } from '@/lib/db/client'

/** The calls of the filter as a file: `?format=csv`, or NDJSON. It is a POST, because it writes an audit entry. */
export async function POST(request: Request) {
  const { account, user } = await authorise('admin', request)
  const { format: wanted, ...address } = Object.fromEntries(new URL(request.url).searchParams)
  const filter = readCallFilter(address)
  if (!filter) return new Response(null, { status: 404 })
  const format = exportFormat(wanted)
  // The platform's id of a feedback stays out of the audit log, which outlives the feedback.
  const told = callFilterQuery({ ...filter, feedback: filter.feedback && 'one' })
  await recordAudit(db(), account.id, user.id, 'call.exported', 'calls', { format, filter: told })
  return exportResponse('calls', format, exportStream(exportCalls(db(), account.id, filter), format, callColumns))
}
