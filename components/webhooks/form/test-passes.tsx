'use client'

import { createContext, type ReactNode, useContext, useState } from 'react'
import { useWatch } from 'react-hook-form'
import type { WebhookFormInput } from '@/lib/webhooks/webhook-schema'
import { useWebhookForm } from './webhook-form-state'

// The values with which a test fire from this form has passed. Sources can be added while the form has them. The server
// decides again when the form is saved (lib/test-fires/test-passes.ts).

type Passes = { keys: ReadonlySet<string>; record: (values: WebhookFormInput) => void }
const PassesContext = createContext<Passes | undefined>(undefined)

/** `initial`: the values of a saved WebHook that has passed as it stands. */
export function TestPasses({ initial, children }: { initial: WebhookFormInput | undefined; children: ReactNode }) {
  const [keys, setKeys] = useState<ReadonlySet<string>>(() => new Set(initial ? [keyOf(initial)] : []))
  const record = (values: WebhookFormInput) => setKeys((before) => new Set(before).add(keyOf(values)))
  return <PassesContext value={{ keys, record }}>{children}</PassesContext>
}

/** Remembers that these values have passed. */
export const useRecordPass = () => usePasses().record

/** Whether the form's present values have passed. */
export function useHasPassed(): boolean {
  const { control } = useWebhookForm()
  const { keys } = usePasses()
  const values = useWatch({ control, name: tested })
  return keys.has(keyOf(Object.fromEntries(tested.map((name, i) => [name, values[i]])) as Tested))
}

function usePasses(): Passes {
  const passes = useContext(PassesContext)
  if (!passes) throw new Error('stands outside a WebHook form')
  return passes
}

const tested = [
  'url',
  'format',
  'encoding',
  'authentication',
  'basicUser',
  'basicPassword',
  'ownHeader',
  'secret',
  'success',
  'headers',
] as const

type Tested = Pick<WebhookFormInput, (typeof tested)[number]>

/** The values by which a receiver tells one call from another, and which answers pass. */
function keyOf(values: Tested): string {
  const { url, format, encoding, authentication, secret, success, headers } = values
  const basic = authentication === 'basic' ? [values.basicUser, values.basicPassword] : []
  const own = authentication === 'own-header' ? values.ownHeader : ''
  const lines = headers?.map(({ name, value }) => [name.trim(), value])
  return JSON.stringify([url.trim(), format, encoding, authentication, basic, own, secret, success, lines])
}
