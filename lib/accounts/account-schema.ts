import { enteredName } from '../entered-name'
import { isMask, isPlainText, notMask, notPlainText } from '../plain-text'
import * as z from '../zod'

// What people enter about an account and themselves. One schema serves the form, its action and npm run account.

export const accountNameSchema = enteredName('Enter the name of your shop or company.', 60)

export const identifierSchema = z
  .string()
  .trim()
  .min(3, 'Use at least 3 characters.')
  .max(40, 'Use at most 40 characters.')
  .regex(/^[a-z0-9-]*$/, 'Use only small letters a–z, digits and hyphens.')
  .regex(/^[^-](.*[^-])?$/, 'Start and end with a letter or a digit.')

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'Enter your e-mail address.')
  .max(254, 'This address is too long.')
  .refine(isPlainText, notPlainText)
  .pipe(z.email('This is not a whole e-mail address. It looks like you@your-shop.com.'))

export const passwordSchema = z
  .string()
  .min(10, 'Use at least 10 characters. Three or four words make a good password.')
  .max(128, 'Use at most 128 characters.')
  .refine(isPlainText, notPlainText)
  .refine((password) => !isMask(password), notMask)

/** An account and its first owner. */
export const newAccountSchema = z.object({
  name: accountNameSchema,
  identifier: identifierSchema,
  email: emailSchema,
  password: passwordSchema,
})
export type NewAccount = z.infer<typeof newAccountSchema>

export const signInSchema = z.object({
  email: emailSchema,
  password: z.string().min(1, 'Enter your password.').max(128, 'Use at most 128 characters.'),
})
export type SignIn = z.infer<typeof signInSchema>

export const changePasswordSchema = z
  .object({
    currentPassword: z.string().min(1, 'Enter the password you use now.').max(128, 'Use at most 128 characters.'),
    newPassword: passwordSchema,
  })
  .refine(({ currentPassword, newPassword }) => currentPassword !== newPassword, {
    path: ['newPassword'],
    message: 'Choose a password that differs from the present one.',
  })
export type ChangePassword = z.infer<typeof changePasswordSchema>

const addressesAtMost = 5

/** The addresses in a text that separates them by commas, spaces or lines. */
export const splitAddresses = (text: string): string[] => [
  ...new Set(
    text
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter((address) => address !== ''),
  ),
]

const noticeAddressesSchema = z
  .string()
  .max(2000, 'This is too long.')
  .refine(isPlainText, notPlainText)
  .superRefine((text, { addIssue }) => {
    const addresses = splitAddresses(text)
    const wrong = addresses.find((address) => !emailSchema.safeParse(address).success)
    if (wrong !== undefined) addIssue(`“${wrong}” is not a whole e-mail address.`)
    else if (addresses.length > addressesAtMost) addIssue(`Enter at most ${addressesAtMost} addresses.`)
  })
  .transform((text) => splitAddresses(text).join('\n'))

export const accountSettingsSchema = z.object({
  name: accountNameSchema,
  identifier: identifierSchema,
  npsEnabled: z.boolean(),
  publishReviews: z.boolean(),
  /** Who gets notices by mail, one a line; empty: every owner and admin. */
  noticeAddresses: noticeAddressesSchema,
  /** The account's ids at its vendors, kept as entered; when empty, the hub's own is sent. */
  wootricToken: z
    .string()
    .trim()
    .regex(
      /^(NPS-[0-9a-fA-F]{8})?$/,
      'Enter NPS- followed by 8 hexadecimal digits, as Wootric shows it: NPS-1a2b3c4d.',
    ),
  teamId: z
    .string()
    .trim()
    .regex(
      /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i,
      'Enter the whole id, as Rateup shows it: 1b4e28ba-2fa1-4d3b-8c5e-0123456789ab.',
    ),
})
export type AccountSettings = z.infer<typeof accountSettingsSchema>

/** An identifier made from a name: "Müller & Söhne" → "muller-sohne". Empty when the name has too little to make one of. */
export function identifierFrom(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
  return slug.length < 3 ? '' : slug
}
