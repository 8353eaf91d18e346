import { Download } from 'lucide-react'
import { Button } from '../ui/button'

type Props = {
  /** Where the file comes from: "/settings/calls/export". */
  address: string
  /** The filter as a query string. */
  query: string
  /** What is in it: "calls". */
  what: string
}

/** What is filtered as a file. A form, because an export writes an audit entry and so is no GET. */
export const ExportButtons = ({ address, query, what }: Props) => (
  <form method="post" className="flex flex-wrap gap-2">
    {(['csv', 'ndjson'] as const).map((format) => (
      <Button
        key={format}
        type="submit"
        icon={<Download aria-hidden />}
        formAction={`${address}?${query && `${query}&`}format=${format}`}
      >
        {format.toUpperCase()}
        <span className="sr-only"> file of these {what}</span>
      </Button>
    ))}
  </form>
)
