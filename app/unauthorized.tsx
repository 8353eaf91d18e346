import type { Metadata } from 'next'
import { RefusedMessage } from '@/components/shell/refused-message'

export const metadata: Metadata = { title: 'Signed out' }

export default function Unauthorized() {
  return (
    <main className="p-4">
      <RefusedMessage why="signedOut" />
    </main>
  )
}
