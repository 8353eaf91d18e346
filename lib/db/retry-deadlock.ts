import { setTimeout as sleep } from 'node:timers/promises'

const triesAtMost = 5

/**
 * Runs a transaction, and again when PostgreSQL ended it to free another one: what drainers lock as calls come in has
 * no order that a person's change could keep to.
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

/** Drizzle hands the database's error on as a cause. */
function isDeadlock(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return (code ?? cause?.code) === '40P01'
}
