/** One thing somebody else changed since the form was opened, in words. */
export type Difference = {
  label: string
  /** As it was when the form was opened. */
  before: string
  /** As it is now. */
  theirs: string
  /** As this save would leave it. */
  yours: string
}

/** Somebody else saved since the form was opened; a save that sends `version` along goes over theirs. */
export type Conflict = { version: number; by: string | null; at: string; differences: Difference[] }

/** What became of a save that was in order: done, or asked about first. */
export type Saved = { webhookId: string; conflict?: Conflict }
