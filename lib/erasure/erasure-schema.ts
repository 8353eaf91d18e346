import { isStorable } from '../plain-text'
import * as z from '../zod'

// What a person, the operator or a program enters to erase a customer. One schema serves all of them.

/** What can name a customer. A feedback id is the platform's, or the id of ours that payloads carry. */
export const erasureKeys = ['email', 'external-id', 'feedback-id'] as const

export const erasureSchema = z.object({
  by: z.enum(erasureKeys),
  value: z
    .string()
    .trim()
    .min(1, 'Enter what names the customer.')
    .max(320, 'Use at most 320 characters.')
    .refine(isStorable, 'This holds a character that no address or id has.'),
})
export type ErasureInput = z.infer<typeof erasureSchema>

/** The typed confirmation: the address or id once more. */
export const confirmationSchema = z.object({ typed: z.string().trim().min(1, 'Type it once more.').max(320) })
export type Confirmation = z.infer<typeof confirmationSchema>
