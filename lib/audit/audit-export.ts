import type { AuditEntry } from './audit-log'

const columns = ['id', 'at', 'who', 'address', 'action', 'subject', 'detail'] as const
const encoder = new TextEncoder()

/** The entries as CSV (RFC 4180) or one JSON object a line, as a stream that holds a page at a time. */
export function exportAudit(entries: AsyncIterable<AuditEntry>, format: 'csv' | 'ndjson'): ReadableStream<Uint8Array> {
  const lines = format === 'csv' ? csvLines(entries) : jsonLines(entries)
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}

async function* jsonLines(entries: AsyncIterable<AuditEntry>) {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`
}

async function* csvLines(entries: AsyncIterable<AuditEntry>) {
  yield `${columns.join(',')}\r\n`
  for await (const { at, detail, ...rest } of entries) {
    const row = { ...rest, at: at.toISOString(), detail: JSON.stringify(detail) }
    yield `${columns.map((name) => csvField(row[name] ?? '')).join(',')}\r\n`
  }
}

/** A spreadsheet takes a text that starts with = + - @ for a formula, and runs it. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
