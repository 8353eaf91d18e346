import { stringify } from 'csv-stringify/sync'

// Files that people download: CSV (RFC 4180) and one JSON object a line.

export const exportFormats = ['csv', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** A row of a file. In CSV it has a value for each column: objects are JSON, and times ISO 8601. */
export type ExportRow = Record<string, unknown>

type Columns = readonly string[]

/**
 * The rows as a file of this format, as a stream that holds a page of them at a time: `pages` is asked for the next one
 * when the reader has taken the one before. In CSV a cell that a spreadsheet would take for a formula begins with an
 * apostrophe, because customers and receivers write the text. The mark at the beginning tells Excel that it is UTF-8.
 */
export function exportStream(
  pages: AsyncGenerator<ExportRow[]>,
  format: ExportFormat,
  columns: Columns,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let begun = false
  return new ReadableStream({
    async pull(controller) {
      // A page of a search may be without rows.
      for (let text = ''; text === ''; ) {
        const { value: rows = [], done } = await pages.next()
        text = format === 'csv' ? csvLines(rows, columns, !begun) : jsonLines(rows)
        begun = true
        if (text !== '') controller.enqueue(encoder.encode(text))
        if (done) return controller.close()
      }
    },
    async cancel() {
      await pages.return(undefined)
    },
  })
}

const csvLines = (rows: ExportRow[], columns: Columns, first: boolean): string =>
  stringify(rows, {
    columns: [...columns],
    header: first,
    bom: first,
    record_delimiter: 'windows',
    escape_formulas: true,
    // The library quotes a cell for the delimiter in use only.
    quoted_match: /[\r\n]/,
    cast: { boolean: String, date: (at) => at.toISOString() },
  })

const jsonLines = (rows: ExportRow[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** The answer with a file of this name, which the browser saves. */
export const exportResponse = (name: string, format: ExportFormat, stream: ReadableStream<Uint8Array>): Response =>
  new Response(stream, {
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      'content-disposition': `attachment; filename="${name}.${format}"`,
      'cache-control': 'private, no-store',
    },
  })

/** The format that an address asks for: CSV, or else NDJSON. */
export const exportFormat = (wanted: string | undefined): ExportFormat => (wanted === 'csv' ? 'csv' : 'ndjson')
