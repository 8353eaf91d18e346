/** What a switch or deletion does to the queue, in one sentence. */
export function QueuedWords({ queued }: { queued: number | undefined }) {
  if (queued === undefined) return <p>Counting what is queued…</p>
  if (queued === 0) return <p>Nothing is queued for it.</p>
  return (
    <p>
      <strong className="font-medium text-text">
        {queued === 1 ? '1 queued call' : `${queued.toLocaleString('en')} queued calls`}
      </strong>{' '}
      will be cancelled.
    </p>
  )
}
