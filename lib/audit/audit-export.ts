import { type ExportFormat, exportStream } from '../csv'
import type { AuditEntry } from './audit-log'

const columns = ['id', 'at', 'who', 'address', 'action', 'subject', 'detail'] as const

/** The entries as CSV or NDJSON, as a stream that holds a page at a time. */
export const exportAudit = (pages: AsyncGenerator<AuditEntry[]>, format: ExportFormat): ReadableStream<Uint8Array> =>
  exportStream(pages, format, columns)
