import type { ReactNode } from 'react'
import { Wordmark } from '@/components/shell/wordmark'

/** Pages that a link opens, without a sign-in. */
export default function SharedLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex w-full max-w-[70rem] flex-col gap-6 p-4 md:p-6">
      <Wordmark />
      {children}
    </main>
  )
}
