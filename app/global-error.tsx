'use client'

import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import { ErrorMessage } from '@/components/shell/error-message'
import './globals.css'

/** Shown when the root layout fails. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        <title>Something broke · Hearback</title>
        <main className="p-4">
          <ErrorMessage error={error} retry={retry} />
        </main>
      </body>
    </html>
  )
}
