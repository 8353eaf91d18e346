import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import type { Authentication } from '../webhooks/webhook-schema'

// What a receiver can verify a call with, per format, and what its own code has to take care of. This is text for people;
// the code is in snippets/.

export type Proof = 'authorization' | 'signature'

type Verification = {
  /** The headers needed to check the signature, in the vendor's spelling, and what each contains. */
  headers: readonly (readonly [name: string, holds: string])[]
  /** What the code can't take care of. */
  checks: readonly string[]
}

const clock =
  'The code refuses a call that was signed more than 5 minutes ago. Keep your server’s clock in sync, or it refuses genuine calls too.'
const repeats =
  'The same call can arrive twice: as our retry, or replayed by someone who recorded it. Store each webhook-id for a few days. If you know it already, answer 2xx and do nothing else.'
const noTime =
  'The signature has no time: anyone who recorded a call can replay it at any time, under another webhook-id. Treat the body as the state of that response, so that processing it twice changes nothing.'

const standardWebhooks: Verification = {
  headers: [
    ['webhook-id', 'The delivery’s id, the same on every retry.'],
    ['webhook-timestamp', 'When this call was signed, in seconds since 1970.'],
    [
      'webhook-signature',
      '“v1,” and the base64 HMAC-SHA256 of webhook-id.webhook-timestamp.body, keyed with the decoded bytes after whsec_. During a rotation there are several, separated by spaces.',
    ],
  ],
  checks: [clock, repeats],
}

const verifications: Record<FormatKey, Verification> = {
  feefo: {
    headers: [],
    checks: [
      'The key proves who calls; it does not sign the body. Take the link from the body, check that it begins with this hub’s address, and trust only what the link returns.',
      repeats,
    ],
  },
  'customer-thermometer': {
    headers: [
      ['Date', 'When this call was signed. The signature covers it, so a proxy in front of you must not change it.'],
      [
        'X-Ct-Hmac-Sha256',
        'The base64 HMAC-SHA256 of “Date: ”, the value of the Date header, a line feed and the body, keyed with the secret’s text.',
      ],
    ],
    checks: [clock, repeats],
  },
  wootric: {
    headers: [
      [
        'X-Wootric-Signature',
        'sha1= and the hex HMAC-SHA1 of the body, JSON or form fields, keyed with the secret’s text.',
      ],
    ],
    checks: [noTime, repeats],
  },
  reviews: standardWebhooks,
  rateup: {
    headers: [
      ['x-rateup-signature', 'The base64 HMAC-SHA256 of the body, keyed with the secret’s text.'],
      ['x-webhook-id', 'The delivery’s id, the same on every retry. Not signed.'],
      ['x-rateup-triggered-at', 'When the event came in. Not signed.'],
    ],
    checks: [noTime, repeats],
  },
  standard: standardWebhooks,
}

/** What proves a webhook's calls to its receiver: the signature, the Authorization header, both, or nothing. */
export function proofsOf(format: FormatKey, authentication: Authentication): Proof[] {
  const signed = formats[format].secret !== null
  const proofs: Proof[] = []
  const own = authentication === 'basic' || authentication === 'own-header'
  if (own || (!signed && authentication === 'account-key')) proofs.push('authorization')
  if (signed) proofs.push('signature')
  return proofs
}

const authorizationHolds: Record<Authentication, string> = {
  'account-key': 'hmac and the account’s pre-shared key.',
  basic: 'Basic and the base64 of user:password, as entered for this WebHook.',
  'own-header': 'The value that was entered for this WebHook.',
  none: '',
}

/** The headers with those proofs, and what the receiver has to take care of. */
export function verificationOf(format: FormatKey, authentication: Authentication): Verification {
  const { headers, checks } = verifications[format]
  if (!proofsOf(format, authentication).includes('authorization')) return { headers, checks }
  return { headers: [['Authorization', authorizationHolds[authentication]], ...headers], checks }
}
