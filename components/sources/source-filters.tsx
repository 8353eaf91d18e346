'use client'

import Form from 'next/form'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useTransition } from 'react'
import { Input } from '../ui/input'
import { Select } from '../ui/select'
import { kindOptions } from './source-box-filters'

const pauseMs = 250

type Props = { search: string; kind: string | undefined; archived: boolean }

/** Search and filters of the list. They are kept in the address, so that they can be bookmarked and gone back to. */
export function SourceFilters({ search, kind, archived }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const form = useRef<HTMLFormElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const look = (afterMs: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      if (!form.current) return
      const given = [...new FormData(form.current)].filter(([, value]) => value !== '') as [string, string][]
      startTransition(() => router.replace(`/settings/sources?${new URLSearchParams(given)}`, { scroll: false }))
    }, afterMs)
  }
  return (
    <Form
      ref={form}
      action="/settings/sources"
      scroll={false}
      role="search"
      aria-label="Sources"
      aria-busy={pending}
      className="grid gap-2 border-border border-b p-3 md:grid-cols-[minmax(0,1fr)_11rem_11rem]"
    >
      <Input
        type="search"
        name="search"
        aria-label="Search sources"
        placeholder="Search by name or key"
        maxLength={200}
        defaultValue={search}
        onChange={() => look(pauseMs)}
      />
      <Select name="kind" aria-label="Kind" defaultValue={kind ?? ''} onChange={() => look(0)} options={kindOptions} />
      <Select
        name="archived"
        aria-label="In use or archived"
        defaultValue={archived ? 'yes' : ''}
        onChange={() => look(0)}
        options={[
          { value: '', label: 'In use' },
          { value: 'yes', label: 'Archived' },
        ]}
      />
    </Form>
  )
}
