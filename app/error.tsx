'use client'

import { ErrorMessage } from '@/components/shell/error-message'

export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className="p-4">
      <ErrorMessage error={error} retry={retry} />
    </main>
  )
}
