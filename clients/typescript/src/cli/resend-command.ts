import { ask, type HubOptions, readJson } from '../hub.ts'
import { type Command, hubOf, UsageError } from './settings.ts'

export type Delivery = { id: string; state: unknown }

/** Sends an ended delivery again: the same id and body, a fresh round of the schedule. Throws HubError. */
export const sendAgain = async (hub: HubOptions, delivery: string): Promise<Delivery> =>
  readJson(await ask(hub, `/api/v1/deliveries/${encodeURIComponent(delivery)}/send-again`, { method: 'POST' }))

export const resendCommand: Command = {
  usage: 'hearback resend <delivery> …',
  does: 'sends ended deliveries again, by their webhook-id: the same body, a fresh round of retries',
  options: {},
  async run(values, deliveries) {
    if (deliveries.length === 0) throw new UsageError('Name the delivery, such as dlv_01jdv3k8x2e5tazw0r7m6cq4bn')
    const hub = hubOf(values)
    for (const delivery of deliveries) {
      await sendAgain(hub, delivery)
      console.log(`${delivery} is sent again`)
    }
    return 0
  },
}
