import { toast } from '../ui/toast'

export type RecoveredCounts = { recovered: number; left: number }

/** "1 delivery", "1,204 deliveries". */
export const deliveryWords = (n: number): string => (n === 1 ? '1 delivery' : `${n.toLocaleString('en')} deliveries`)

/** Shows what a recovery did, in a toast. */
export function sayRecovered({ recovered, left }: RecoveredCounts): void {
  toast.success(
    recovered === 0 ? 'There was nothing left to recover.' : `${deliveryWords(recovered)} on the way again.`,
    {
      description: left > 0 ? `${deliveryWords(left)} can’t be sent any more: too old to be kept.` : undefined,
    },
  )
}
