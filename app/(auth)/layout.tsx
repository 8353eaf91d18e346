import type { ReactNode } from 'react'
import { Wordmark } from '@/components/shell/wordmark'

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col gap-6 px-4 py-8 md:py-[12vh]">
      <div className="px-1">
        <Wordmark />
      </div>
      {children}
    </main>
  )
}
