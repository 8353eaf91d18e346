// What can be measured: a program that makes one signed POST of each job in its queue. Hearback, its limits (the raw ceiling,
// the bare insert) and each peer have the same methods. subject-process.ts runs one of them in a process of its own.

export type Target = { url: string; secret: string }

export type SubjectSetting = {
  /** A database for this subject alone. */
  databaseUrl: string
  /** Where jobs go: the job of event n to target n modulo their number. */
  targets: Target[]
  /** Calls in flight at once. */
  inFlight: number
  /** A body as Hearback renders it. Every subject sends it with the number of its event in it. */
  body: string
  /** The API keys of Hearback's accounts. Peers need none. */
  apiKeys: string[]
  /** Hearback keeps what it has stored, instead of emptying its history. */
  keepHistory: boolean
}

export type Subject = {
  /** The settings that matter to its speed, for the report. */
  settings: string
  /** Process ids of databases that it runs itself. */
  stores: number[]
  /**
   * Empties the queue and the record, then puts `n` jobs into the queue, spread evenly over the targets. Resolves when all
   * its work is done. Delivers nothing.
   */
  prepare(n: number): Promise<void>
  /**
   * Puts the jobs of one event into the queue: one, or one for each of the first `width` targets. Resolves when they are
   * durable, as far as the subject promises that.
   */
  add(event: number, width: number): Promise<void>
  /** Does what autovacuum would do in the middle of a measurement. */
  vacuum(): Promise<void>
  /** Starts to deliver. */
  start(): Promise<void>
  /** Resolves when all jobs are delivered, recorded and out of the queue. */
  finished(): Promise<void>
  /** Stops delivering. `prepare` may be called again. */
  stop(): Promise<void>
}

export type OpenSubject = (setting: SubjectSetting) => Promise<Subject>
