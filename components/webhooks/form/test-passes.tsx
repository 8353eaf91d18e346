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
  const [url, format, encoding, authentication, basicUser, basicPassword, secret, headers] = useWatch({
    control,
    name: ['url', 'format', 'encoding', 'authentication', 'basicUser', 'basicPassword', 'secret', 'headers'],
  })
  return keys.has(keyOf({ url, format, encoding, authentication, basicUser, basicPassword, secret, headers }))
}

function usePasses(): Passes {
  const passes = useContext(PassesContext)
  if (!passes) throw new Error('stands outside a WebHook form')
  return passes
}

type Tested = 'url' | 'format' | 'encoding' | 'authentication' | 'basicUser' | 'basicPassword' | 'secret' | 'headers'

/** The values by which a receiver tells one call from another. */
function keyOf(values: Pick<WebhookFormInput, Tested>): string {
  const { url, format, encoding, authentication, secret, headers } = values
  const basic = authentication === 'basic' ? [values.basicUser, values.basicPassword] : []
  const lines = headers?.map(({ name, value }) => [name.trim(), value])
  return JSON.stringify([url.trim(), format, encoding, authentication, basic, secret, lines])
}
