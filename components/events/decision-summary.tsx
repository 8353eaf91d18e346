import { type DecisionReason, decisionWords } from '@/lib/events/decision-words'

/** The number of WebHooks for each reason, for accounts with many WebHooks. */
export const DecisionSummary = ({ counts }: { counts: { reason: DecisionReason; count: number }[] }) => (
  <ul className="flex flex-col gap-1 border-border border-b p-4 text-sm" aria-label="Decisions by reason">
    {counts.map(({ reason, count }) => (
      <li key={reason} className="grid grid-cols-[4rem_minmax(0,1fr)] gap-3">
        <span className="text-right font-medium tabular-nums">{count.toLocaleString('en')}</span>
        <span>{decisionWords(reason)}</span>
      </li>
    ))}
  </ul>
)
