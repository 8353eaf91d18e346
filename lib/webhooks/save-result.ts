/** One change that somebody else made since the form was opened, in words. */
export type Difference = {
  label: string
  /** As it was when the form was opened. */
  before: string
  /** As it is now. */
  theirs: string
  /** As this save would leave it. */
  yours: string
}

/** Somebody else saved since the form was opened. Saving again with this `version` overwrites their changes. */
export type Conflict = { version: number; by: string | null; at: string; differences: Difference[] }

/** The result of a valid save: saved, or with `conflict` not saved until the person confirms. */
export type Saved = { webhookId: string; conflict?: Conflict }
