import Form from 'next/form'
import type { DecisionPage } from '@/lib/events/decision-page'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Input } from '../ui/input'
import { Pagination } from '../ui/pagination'
import { DecisionSummary } from './decision-summary'
import { DecisionTable } from './decision-table'

type Props = {
  page: DecisionPage
  /** The address of the event's page. */
  address: string
  search: string
}

const searchFrom = 12

/** The decision for every WebHook. From 12 WebHooks on, also the number for each reason and a search. */
export function DecisionsCard({ page, address, search }: Props) {
  const { rows, previous, next, total, counts } = page
  const pageHref = (name: 'before' | 'after', number: number | null) =>
    number === null
      ? undefined
      : `${address}?${new URLSearchParams({ ...(search && { search }), [name]: String(number) })}`
  return (
    <Card
      title="Why each WebHook did or did not fire"
      description="Each with the name and rule that were in force when the event came in."
      flush
    >
      {total === 0 && (
        <p className="p-4 text-muted">The account had no WebHook when this event came in, and has none now.</p>
      )}
      {total >= searchFrom && (
        <>
          <DecisionSummary counts={counts} />
          <Form action={address} prefetch={false} scroll={false} className="flex gap-2 border-border border-b p-3">
            <Input
              key={search}
              type="search"
              name="search"
              aria-label="Search decisions"
              placeholder={`Search ${total.toLocaleString('en')} WebHooks by name`}
              defaultValue={search}
            />
            <Button type="submit">Search</Button>
          </Form>
        </>
      )}
      {rows.length > 0 && <DecisionTable lines={rows} />}
      {rows.length === 0 && total > 0 && <p className="p-4 text-muted">No WebHook has “{search}” in its name.</p>}
      {(previous !== null || next !== null) && (
        <Pagination previous={pageHref('before', previous)} next={pageHref('after', next)} />
      )}
    </Card>
  )
}
