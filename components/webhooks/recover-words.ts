import { toast } from '../ui/toast'

/** How many deliveries are being recovered. */
export type RecoveredCounts = { recovered: number }

/** "1 delivery", "1,204 deliveries". */
export const deliveryWords = (n: number): string => (n === 1 ? '1 delivery' : `${n.toLocaleString('en')} deliveries`)

/** Says in a toast that a recovery has started. */
export function sayRecovered({ recovered }: RecoveredCounts): void {
  toast.success(
    recovered === 0 ? 'There was nothing left to recover.' : `${deliveryWords(recovered)} on the way again.`,
  )
}
