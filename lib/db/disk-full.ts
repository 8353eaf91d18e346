// PostgreSQL takes no write while its disk is full (SQLSTATE 53100), though it may still take one that fits into a page it
// has. Health says so for a while after such an error.

const forMs = 60_000

// Shared by the process, not by the module: see lib/db/client.ts.
const place = globalThis as typeof globalThis & { hearbackDiskFullAt?: number }

/** Remembers the error of a write if it says that the disk is full. */
export function noteDiskFull(error: unknown, now = performance.now()): void {
  if ((error as { code?: string } | undefined)?.code === '53100') place.hearbackDiskFullAt = now
}

/** Whether a write failed within the last 60 s because the disk was full. */
export const wasDiskFull = (now = performance.now()): boolean =>
  place.hearbackDiskFullAt !== undefined && now - place.hearbackDiskFullAt < forMs
