'use client'

import { createContext, useContext } from 'react'
import { useFormContext } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import type { FormatKey } from '@/lib/formats/format'
import type { SourceChoice } from '@/lib/sources/source-queries'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import type { Saved } from '@/lib/webhooks/save-result'
import type { WebhookForm, WebhookFormContext, WebhookFormInput } from '@/lib/webhooks/webhook-schema'

export type WebhookFormActions = {
  /** `version`: the one the form shows, null for a new form. */
  save: (version: number | null, values: WebhookForm) => Promise<FormResult<Saved>>
  testFire: (values: WebhookFormInput, sample: unknown) => Promise<FormResult<TestFireAnswer>>
  /** Only for a saved webhook. */
  revealSecret?: () => Promise<{ value: string } | { error: string }>
}

export type WebhookFormSetting = {
  context: WebhookFormContext
  /** The version an edit shows, null for a new form. */
  version: number | null
  /** The generated secrets of a new form, by format. */
  secrets: Partial<Record<FormatKey, string>>
  actions: WebhookFormActions
  /** The address that the preview is fetched from. */
  previewAddress: string
  sources: {
    /** The chosen sources that the form opens with. */
    linked: SourceChoice[]
    /** The address that sources are searched at. */
    address: string
    /** The WebHook as saved has passed a test fire. */
    testPassed: boolean
  }
}

export const WebhookFormSettingContext = createContext<WebhookFormSetting | undefined>(undefined)

/** What the cards of the form share besides its values. */
export function useWebhookFormSetting(): WebhookFormSetting {
  const setting = useContext(WebhookFormSettingContext)
  if (!setting) throw new Error('stands outside a WebHook form')
  return setting
}

/** The form's values, typed. */
export const useWebhookForm = () => useFormContext<WebhookFormInput, unknown, WebhookForm>()

/** The fields' labels, in the order of the form. */
export const fieldLabels: Partial<Record<keyof WebhookFormInput, string>> = {
  format: 'Format',
  encoding: 'Encoding',
  name: 'Rule name',
  url: 'WebHook URL',
  events: 'When',
  condition: 'Where',
  onlyIf: 'And only if',
  authentication: 'Authentication',
  basicUser: 'User',
  basicPassword: 'Password',
  ownHeader: 'Value of Authorization',
  secret: 'Signing secret',
  retries: 'Retries',
  ratePerMinute: 'Calls a minute at most',
  timeoutSeconds: 'Timeout',
  success: 'Success',
  headers: 'Custom headers',
  sources: 'Sources',
}
