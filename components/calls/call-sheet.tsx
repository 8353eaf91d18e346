'use client'

import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { Link } from '../ui/link'
import { Sheet, SheetTitle } from '../ui/sheet'
import { StepCalls } from './step-calls'

type Props = {
  /** The title as it stands at the top. */
  title: ReactNode
  /** The address of the list without this call. */
  closed: string
  /** The address of the call's own page. */
  page: string
  newer: string | undefined
  older: string | undefined
  children: ReactNode
}

/** A call beside the list that it was opened from. */
export function CallSheet({ title, closed, page, newer, older, children }: Props) {
  const router = useRouter()
  return (
    <Sheet side="right" open onOpenChange={(open) => !open && router.replace(closed, { scroll: false })}>
      <div className="flex flex-col gap-4 p-5">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pr-10">
          <SheetTitle>{title}</SheetTitle>
          <div className="flex items-center gap-3 text-sm">
            <Link href={page} className="text-accent-text underline">
              Open as a page
            </Link>
            <StepCalls newer={newer} older={older} />
          </div>
        </div>
        {children}
      </div>
    </Sheet>
  )
}
