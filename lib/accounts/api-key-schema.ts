import * as z from 'zod'
import { isPlainText, notPlainText } from '../plain-text'

/** What an API key may do: post events, read lists, change configuration. */
export const apiScopes = ['ingest', 'read', 'manage'] as const
export type ApiScope = (typeof apiScopes)[number]

export const apiKeyFormSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'Give the key a name, so that you know it again.')
    .max(60, 'Use at most 60 characters.')
    .refine(isPlainText, notPlainText),
  scopes: z.array(z.enum(apiScopes)).min(1, 'Choose what the key may do.'),
})
export type ApiKeyForm = z.infer<typeof apiKeyFormSchema>
