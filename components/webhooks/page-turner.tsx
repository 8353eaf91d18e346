import { Button } from '../ui/button'

type Props = { page: number; size: number; total: number; onTurn: (page: number) => void }

/** Under a long list: which part of it is in sight, and the way to the others. */
export function PageTurner({ page, size, total, onTurn }: Props) {
  const first = page * size + 1
  const last = Math.min(total, first + size - 1)
  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center justify-between gap-3 border-border border-t px-4 py-3 text-muted text-sm"
    >
      <span role="status" className="tabular-nums">
        {first.toLocaleString('en')} to {last.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
      <span className="flex gap-2">
        <Button size="sm" disabled={page === 0} onClick={() => onTurn(page - 1)}>
          Previous
        </Button>
        <Button size="sm" disabled={last === total} onClick={() => onTurn(page + 1)}>
          Next
        </Button>
      </span>
    </nav>
  )
}
