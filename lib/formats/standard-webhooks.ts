import type { Format } from './format'
import { whsec, whsecKey } from './whsec'

/** The secret, signature and headers of Standard Webhooks 1.0 (https://www.standardwebhooks.com). */
export const standardWebhooks: Pick<Format, 'secret' | 'signatures' | 'sign' | 'headers'> = {
  secret: whsec,
  signatures: 'several',
  sign({ deliveryId, timestamp, body, secrets }) {
    const content = `${deliveryId}.${timestamp}.${body}`
    return secrets.map((secret) => `v1,${secret.hmac('sha256', whsecKey, content)}`).join(' ')
  },
  headers: ({ timestamp, signature }) =>
    signature === null ? [] : ['webhook-timestamp', String(timestamp), 'webhook-signature', signature],
}
