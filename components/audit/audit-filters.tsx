import Form from 'next/form'
import { type AuditFilter, auditQuery } from '@/lib/audit/audit-filter'
import { auditSubjects } from '@/lib/audit/audit-words'
import { FoldedFilters } from '../find/folded-filters'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { Input } from '../ui/input'
import { Select } from '../ui/select'

type Props = { filter: AuditFilter; actors: { id: string; email: string }[] }

/** The filters of the audit log, and what they leave as a file. */
export function AuditFilters({ filter, actors }: Props) {
  const subjects = Object.entries(auditSubjects).map(([value, label]) => ({ value, label }))
  const people = actors.map(({ id, email }) => ({ value: id, label: email }))
  const set = [filter.about, filter.who, filter.from, filter.to].filter(Boolean).length
  return (
    <search className="flex flex-col gap-4">
      <FoldedFilters set={set}>
        <Form
          action="/settings/audit"
          className="grid items-end gap-4 md:grid-cols-[repeat(2,minmax(0,13rem))_repeat(2,9.5rem)_auto] md:justify-start"
        >
          <Field label="About">
            <Select
              key={filter.about}
              name="about"
              defaultValue={filter.about}
              options={[{ value: '', label: 'Everything' }, ...subjects]}
            />
          </Field>
          <Field label="Who">
            <Select
              key={filter.who}
              name="who"
              defaultValue={filter.who}
              options={[
                { value: '', label: 'Everybody' },
                { value: 'keys', label: 'API keys' },
                { value: 'hub', label: 'The hub and its operator' },
                ...people,
              ]}
            />
          </Field>
          <Field label="From">
            <Input key={filter.from} name="from" type="date" defaultValue={filter.from} />
          </Field>
          <Field label="To">
            <Input key={filter.to} name="to" type="date" defaultValue={filter.to} />
          </Field>
          <Button type="submit">Search</Button>
        </Form>
      </FoldedFilters>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-sm">
        Days are those of UTC. As a file:
        {(['csv', 'ndjson'] as const).map((format) => (
          <a
            key={format}
            href={`/settings/audit/export?${auditQuery(filter, { format })}`}
            className="text-text underline underline-offset-2"
          >
            {format.toUpperCase()}
          </a>
        ))}
      </p>
    </search>
  )
}
