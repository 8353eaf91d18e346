import { emailSchema, passwordSchema } from '../accounts/account-schema'
import { roles } from '../accounts/roles'
import * as z from '../zod'

// What people enter about their sign-in and about each other. One schema serves the form and its action.

export const forgottenSchema = z.object({ email: emailSchema })
export type Forgotten = z.infer<typeof forgottenSchema>

/** The random part of a link: 24 characters of the auth library, or 43 of ours. */
export const linkTokenSchema = z.string().regex(/^[\w-]{20,64}$/)

export const newPasswordSchema = z.object({ password: passwordSchema })
export type NewPassword = z.infer<typeof newPasswordSchema>

export const codeSchema = z.object({
  code: z
    .string()
    .trim()
    .transform((text) => text.replaceAll(/\s/g, ''))
    .pipe(
      z
        .string()
        .min(1, 'Enter the code.')
        .regex(/^(\d{6}|\w{5}-?\w{5})$/, 'A code has six digits; a recovery code looks like a1B2c-D3e4F.'),
    ),
})
export type Code = z.infer<typeof codeSchema>

export const presentPasswordSchema = z.object({
  password: z.string().min(1, 'Enter your password.').max(128, 'Use at most 128 characters.'),
})
export type PresentPassword = z.infer<typeof presentPasswordSchema>

export const invitationSchema = z.object({ email: emailSchema, role: z.enum(roles) })
export type InvitationForm = z.infer<typeof invitationSchema>
