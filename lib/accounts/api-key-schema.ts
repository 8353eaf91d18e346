import { enteredName } from '../entered-name'
import * as z from '../zod'

/** What an API key may do: post events, read lists, change configuration. */
export const apiScopes = ['ingest', 'read', 'manage'] as const
export type ApiScope = (typeof apiScopes)[number]

export const apiKeyFormSchema = z.object({
  name: enteredName('Give the key a name, so that you know it again.', 60),
  scopes: z.array(z.enum(apiScopes)).min(1, 'Choose what the key may do.'),
})
export type ApiKeyForm = z.infer<typeof apiKeyFormSchema>
