import type { Confirmation, ErasureInput } from '@/lib/erasure/erasure-schema'
import type { FormResult } from '@/lib/form-result'

export type ErasureActions = {
  count: (input: ErasureInput) => Promise<FormResult<{ id: string }>>
  confirm: (id: string, input: Confirmation) => Promise<FormResult>
  withdraw: (id: string) => Promise<FormResult>
}
