import { sourceKinds } from '@/lib/events/event-types'
import { kindWords } from '@/lib/sources/source-words'
import { Input } from '../ui/input'
import { Select } from '../ui/select'

type Filter = { search: string; kind: string }
type Props = { filter: Filter; onChange: (filter: Filter) => void }

/** What both boxes show. */
export const SourceBoxFilters = ({ filter, onChange }: Props) => (
  <div className="grid gap-2 md:grid-cols-[minmax(0,1fr)_11rem]">
    <Input
      type="search"
      aria-label="Search sources"
      placeholder="Search both boxes by name or key"
      value={filter.search}
      onChange={({ target }) => onChange({ ...filter, search: target.value })}
      // Enter would submit the form around it.
      onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
    />
    <Select
      aria-label="Kind of source"
      value={filter.kind}
      onChange={({ target }) => onChange({ ...filter, kind: target.value })}
      options={kindOptions}
    />
  </div>
)

/** The kinds to filter by; the first entry is all kinds. */
export const kindOptions = [
  { value: '', label: 'All kinds' },
  ...sourceKinds.map((kind) => ({ value: kind, label: kindWords[kind] })),
]
