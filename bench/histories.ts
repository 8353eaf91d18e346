import type { Bench } from './bench'
import { openProduct } from './contestants'
import type { HubDatabase } from './hub-database'
import { seedHistory } from './seed'
import { until } from './until'

// Hubs whose databases hold a history of so many calls. Each is made when it is first asked for, and kept for the run.

const made = new Map<number, Promise<HubDatabase>>()

export function hubWithHistory(bench: Bench, calls: number): Promise<HubDatabase> {
  const hub = made.get(calls) ?? make(bench, calls)
  made.set(calls, hub)
  return hub
}

async function make(bench: Bench, calls: number): Promise<HubDatabase> {
  const hub = await bench.world.createHub(`history_${calls}`)
  if (calls > 0) {
    await deliverOneEach(bench, hub)
    const { rows, seconds } = await seedHistory(hub.pool, { calls })
    const { rows: sizes } = await hub.pool.query<{ size: string }>(
      'select pg_size_pretty(pg_database_size(current_database())) as size',
    )
    console.log(
      `seeded ${calls} calls: ${rows} rows in ${Math.round(seconds)} s, ${Math.round(rows / seconds)} rows/s, ${sizes[0]?.size}`,
    )
  }
  return hub
}

/** Has the hub deliver an event to each webhook, so that there are rows to copy. */
export async function deliverOneEach(bench: Bench, database: HubDatabase): Promise<void> {
  const { hub, port, apiKeys } = await openProduct(bench, database)
  try {
    await bench.receiver.call('reset')
    await hub.call('startDrain')
    await bench.load.call('aim', { port, apiKeys })
    // Events of an account have every score in turn, except where its requests overtook one another.
    await until('each webhook has a call', 60, async () => {
      await bench.load.call('pace', bench.world.senders.length, 200, 1)
      const { rows } = await database.pool.query<{ n: number }>(
        `select count(distinct webhook_id)::int as n from calls where failure is null`,
      )
      return rows[0]?.n === bench.origins.length
    })
    await until('the queue is empty', 20, async () => {
      return (await database.pool.query('select 1 from queue limit 1')).rowCount === 0
    })
    await hub.call('stopDrain')
  } finally {
    await hub.end()
  }
}
