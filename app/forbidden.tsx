import type { Metadata } from 'next'
import { RefusedMessage } from '@/components/shell/refused-message'

export const metadata: Metadata = { title: 'Not allowed' }

export default function Forbidden() {
  return (
    <main className="p-4">
      <RefusedMessage why="role" />
    </main>
  )
}
