import { setTimeout as sleep } from 'node:timers/promises'

const triesAtMost = 5

/**
 * Runs a transaction, and again when PostgreSQL ended it to resolve a deadlock. Drainers lock rows in the order in which
 * calls end, so a change by a person cannot lock them in the same order.
 */
export async function retryDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction()
    } catch (error) {
      if (tries === triesAtMost || !isDeadlock(error)) throw error
      await sleep(Math.random() * 20 * tries)
    }
  }
}

/** Drizzle wraps the database's error as a cause. */
function isDeadlock(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return (code ?? cause?.code) === '40P01'
}
