import { accountLimitsSchema, metadataSchema } from '../accounts/account-limits'
import { accountSettingsSchema, emailSchema } from '../accounts/account-schema'
import type { AccountChange, AccountRecord } from '../accounts/platform-account'
import { showId } from '../type-id'
import * as z from '../zod'
import { shownId, shownTime, showTime } from './api-schemas'

const limits = accountLimitsSchema.strict().meta({
  id: 'AccountLimits',
  outputId: 'ShownAccountLimits',
  description: 'What the operator sets. What is absent is not limited, or is the hub’s usual.',
})

const { noticeAddresses: _, ...settings } = accountSettingsSchema.shape
const fields = {
  ...settings,
  noticeAddresses: z.array(emailSchema).max(5).meta({ description: 'Who gets notices. Empty: every owner and admin.' }),
  metadata: metadataSchema.meta({ description: 'What the platform keeps with the account: at most 4 KiB as JSON.' }),
}

/** What an admin may change of an account. */
export const accountChange = z.strictObject(fields).partial().meta({ id: 'AccountChange' })
/** What the operator may change of an account. */
export const operatorChange = z
  .strictObject({ ...fields, limits })
  .partial()
  .meta({ id: 'OperatorAccountChange' })
/** An account as a PUT describes it. */
export const accountPut = operatorChange.required({ name: true }).meta({ id: 'AccountDescription' })

export const accountSchema = z
  .object({
    id: shownId('account'),
    externalId: z.string().nullable(),
    name: z.string(),
    identifier: z.string(),
    npsEnabled: z.boolean(),
    publishReviews: z.boolean(),
    noticeAddresses: z.array(z.string()),
    wootricToken: z.string().nullable(),
    teamId: z.string().nullable(),
    metadata: metadataSchema,
    limits,
    suspended: z.boolean(),
    createdAt: shownTime,
  })
  .meta({ id: 'Account' })

export const showAccount = ({ id, createdAt, ...account }: AccountRecord): z.input<typeof accountSchema> => ({
  ...account,
  id: showId('account', id),
  createdAt: showTime(createdAt),
})

/** What a request gives, as the settings have it. */
export const settingsOf = ({ noticeAddresses, ...given }: Partial<z.output<typeof operatorChange>>): AccountChange => ({
  ...given,
  noticeAddresses: noticeAddresses?.join('\n'),
})
