'use client'

import { useWatch } from 'react-hook-form'
import { formats } from '@/lib/formats/formats'
import { Card } from '../../ui/card'
import { AdvancedFields } from './advanced-fields'
import { AuthenticationFields } from './authentication-fields'
import { SigningSecretField } from './signing-secret-field'
import { useWebhookForm } from './webhook-form-state'

/** How a receiver knows that a call is ours: Authorization and the signing secret. Below it, what few need. */
export function SecurityCard() {
  const { control } = useWebhookForm()
  const format = useWatch({ control, name: 'format' })
  return (
    <Card title="Security">
      <AuthenticationFields />
      {formats[format].secret && <SigningSecretField key={format} format={format} />}
      <AdvancedFields />
    </Card>
  )
}
