import type { SourceKind } from '@/lib/events/event-types'
import { kindOptions } from './source-box-filters'

type Props = {
  /** The box: "Available". */
  of: string
  /** Selects all that the box shows, or all of a kind. */
  onAll: (kind?: SourceKind) => void
  onNone: () => void
}

const buttonClasses =
  'min-h-8 rounded-control px-2 text-accent-text hover:bg-sunken max-md:min-h-11 max-md:min-w-11 max-md:px-3'

const byKind = [{ value: '', label: 'By kind…' }, ...kindOptions.slice(1)]

/** Selects all, none, or one kind of a box, as the selection of Customer Thermometer's “Linked Thermometers” does. */
export const SelectionControls = ({ of, onAll, onNone }: Props) => (
  // biome-ignore lint/a11y/useSemanticElements: it stands in the fieldset of the choice
  <div role="group" aria-label={`Select in ${of}`} className="-mx-1 flex items-center gap-1 text-sm">
    <span aria-hidden className="px-1 text-muted">
      Select
    </span>
    <button type="button" className={buttonClasses} onClick={() => onAll()}>
      All
    </button>
    <button type="button" className={buttonClasses} onClick={onNone}>
      None
    </button>
    <select
      aria-label="By kind"
      value=""
      onChange={({ target }) => target.value && onAll(target.value as SourceKind)}
      className="min-h-8 min-w-0 rounded-control bg-transparent text-accent-text hover:bg-sunken max-md:min-h-11 max-md:text-lg"
    >
      {byKind.map(({ value, label }) => (
        <option key={value} value={value} className="bg-raised text-text">
          {label}
        </option>
      ))}
    </select>
  </div>
)
