import type { ClaimedRow, Claimer } from './claimed-row'

/**
 * The drain of the same process, as ingest sees it. Deliveries that it has room for are *preclaimed*: their queue rows are
 * inserted already claimed, and after commit they are passed to it in memory, which saves the claim.
 */
export type LocalDrain = Claimer & {
  /** How many deliveries of a webhook may be preclaimed for it now. */
  room(webhookId: string): number
  /** Whether rows of this webhook that it has no room for come due later by themselves, so that no drainer need be woken. */
  deferred(webhookId: string): boolean
  /** Admits preclaimed rows. `claimedAt`: before their transaction began, by this process's monotonic clock. */
  admit(rows: ClaimedRow[], claimedAt: number): void
}
