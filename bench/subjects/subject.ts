// What can be measured: something that takes jobs and makes one signed POST of each. Hearback, the raw ceiling and any
// peer stand behind the same four verbs; subject-process.ts runs one of them in a process of its own.

export type Target = { url: string; secret: string }

export type SubjectSetting = {
  /** A database that is the subject's own. */
  databaseUrl: string
  /** Where jobs go, in turn. */
  targets: Target[]
  /** Calls in flight at once. */
  inFlight: number
  /** What to send: as many bytes as the body that Hearback renders. */
  body: string
  /** API keys of Hearback's accounts; peers need none. */
  apiKeys: string[]
}

export type Subject = {
  /** Puts `n` jobs into the queue, spread evenly over the targets. Nothing is delivered yet, and nothing is left to settle. */
  prepare(n: number): Promise<void>
  /** Begins to work the queue off. */
  start(): Promise<void>
  /** Resolves when all jobs are delivered, recorded and out of the queue. */
  finished(): Promise<void>
  /** Stops working; `prepare` may follow. */
  stop(): Promise<void>
}

export type OpenSubject = (setting: SubjectSetting) => Promise<Subject>
