'use client'

import Form from 'next/form'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useTransition } from 'react'
import { Input } from '../ui/input'
import { listAddress } from './list-address'

const pauseMs = 250

type Props = { total: number; search: string; long: boolean /** What it looks at: "name or URL". */; by: string }

/** Searches the list while one types. The search is kept in the address, so that it can be bookmarked and gone back to. */
export function WebhookSearch({ total, search, long, by }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => () => clearTimeout(timer.current), [])
  // Going back changes the address without typing.
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = search
  }, [search])
  const look = (text: string) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      startTransition(() => router.replace(listAddress({ search: text.trim(), long }), { scroll: false }))
    }, pauseMs)
  }
  return (
    <Form
      action="/settings/webhooks"
      scroll={false}
      onSubmit={() => clearTimeout(timer.current)}
      className="border-border border-b p-3"
      aria-busy={pending}
    >
      {long && <input type="hidden" name="list" value="long" />}
      <Input
        ref={field}
        type="search"
        name="search"
        aria-label="Search WebHooks"
        placeholder={`Search ${total.toLocaleString('en')} WebHooks by ${by}`}
        defaultValue={search}
        onChange={({ target }) => look(target.value)}
      />
    </Form>
  )
}
