// What can be measured: a program that makes one signed POST of each job in its queue. Hearback, the raw ceiling and each
// peer have the same four methods. subject-process.ts runs one of them in a process of its own.

export type Target = { url: string; secret: string }

export type SubjectSetting = {
  /** A database for this subject alone. */
  databaseUrl: string
  /** Where jobs go, round robin. */
  targets: Target[]
  /** Calls in flight at once. */
  inFlight: number
  /** The body to send. It has as many bytes as the body that Hearback renders. */
  body: string
  /** The API keys of Hearback's accounts. Peers need none. */
  apiKeys: string[]
}

export type Subject = {
  /** Puts `n` jobs into the queue, spread evenly over the targets. Resolves when all its work is done. Delivers nothing. */
  prepare(n: number): Promise<void>
  /** Starts to deliver. */
  start(): Promise<void>
  /** Resolves when all jobs are delivered, recorded and out of the queue. */
  finished(): Promise<void>
  /** Stops delivering. `prepare` may be called again. */
  stop(): Promise<void>
}

export type OpenSubject = (setting: SubjectSetting) => Promise<Subject>
