import { LinkButton } from '../ui/link-button'

type Named = {
  /** "the feedback". */ what: string
  id: string /** The address without this filter. */
  without: string
}

/** Filters that were set by an id, each with the way out of it. */
export const NamedFilters = ({ named }: { named: Named[] }) =>
  named.length > 0 && (
    <ul className="flex flex-col gap-2">
      {named.map(({ what, id, without }) => (
        <li key={what} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 [overflow-wrap:anywhere]">
            Only of {what} <span className="font-mono text-sm">{id}</span>
          </span>
          <LinkButton size="sm" href={without}>
            Clear<span className="sr-only"> the filter by {what}</span>
          </LinkButton>
        </li>
      ))}
    </ul>
  )
