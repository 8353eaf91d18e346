import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { Toaster } from '@/components/ui/toast'
import { PageTooltip } from '@/components/ui/tooltip'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Hearback', template: '%s · Hearback' },
  description: 'Webhooks for customer feedback: signed, retried, logged and explained.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafafa' },
    { media: '(prefers-color-scheme: dark)', color: '#0e0e11' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Opts out of prerendering. A page made at build time has no nonce, so that the content security policy would block
  // its scripts.
  await connection()
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        {/* `isolate` keeps every z-index of a page below Base UI's portals. */}
        <div className="isolate">{children}</div>
        <Toaster />
        <PageTooltip />
      </body>
    </html>
  )
}
