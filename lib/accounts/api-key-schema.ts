import { enteredName } from '../entered-name'
import * as z from '../zod'

/** What an API key may do: post events; read; read and change, as an admin does. */
export const apiScopes = ['ingest', 'read', 'manage'] as const
export type ApiScope = (typeof apiScopes)[number]

/** After how many days a new key ends. */
export const keyEnds = { '30': 30, '90': 90, '365': 365, never: null } as const
/** For how many days a key that was rotated goes on. */
export const rotationDays = [1, 7, 30] as const

export const apiKeyFormSchema = z.object({
  name: enteredName('Give the key a name, so that you know it again.', 60),
  scopes: z.array(z.enum(apiScopes)).min(1, 'Choose what the key may do.'),
  ends: z.enum(['30', '90', '365', 'never']),
})
export type ApiKeyForm = z.infer<typeof apiKeyFormSchema>
