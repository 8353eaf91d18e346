import { recordAudit } from '@/lib/accounts/audit'
import { authorise } from '@/lib/accounts/authorise'
import { exportFormat, exportResponse, exportStream } from '@/lib/csv'
import { db } from '@/lib/db/client'
import { eventColumns, exportEvents } from '@/lib/events/event-export'
import { eventFilterQuery, readEventFilter } from '@/lib/events/event-filter'

/** The events of the filter as a file: `?format=csv`, or NDJSON. It is a POST, because it writes an audit entry. */
export async function POST(request: Request) {
  const { account, user } = await authorise('admin', request)
  const { format: wanted, ...address } = Object.fromEntries(new URL(request.url).searchParams)
  const filter = readEventFilter(address)
  if (!filter) return new Response(null, { status: 404 })
  const format = exportFormat(wanted)
  // The platform's id of a feedback stays out of the audit log, which outlives the feedback.
  const told = eventFilterQuery({ ...filter, subject: filter.subject && 'one' })
  await recordAudit(db(), account.id, user.id, 'event.exported', 'events', { format, filter: told })
  return exportResponse('events', format, exportStream(exportEvents(db(), account.id, filter), format, eventColumns))
}
