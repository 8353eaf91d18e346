import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'

// What there is to verify a call of each format with, and what is left for its receiver to see to. Facts for people;
// the code is in snippets/.

export type Proof = 'authorization' | 'signature'

type Verification = {
  /** The headers that the signature is checked with, as documents write them, and what each holds. */
  headers: readonly (readonly [name: string, holds: string])[]
  /** What the code can't see to. */
  checks: readonly string[]
}

const clock =
  'The code refuses a call that was signed more than 5 minutes ago. Keep the clock of your server in sync, or it refuses good ones too.'
const repeats =
  'The same call may come twice: tried again by us, or sent again by someone who recorded it. Keep each webhook-id for a few days; answer 2xx to one that you know, and do nothing more.'
const noTime =
  'No time is signed: whoever recorded a call can send it again at any time, under another webhook-id. Take what the body says as the state of that response, so that doing it twice changes nothing.'

const standardWebhooks: Verification = {
  headers: [
    ['webhook-id', 'The delivery’s id, the same on every retry.'],
    ['webhook-timestamp', 'When this call was signed, in seconds since 1970.'],
    [
      'webhook-signature',
      'v1, and the base64 HMAC-SHA256 of webhook-id.webhook-timestamp.body, keyed with the bytes behind whsec_. Several of them, with spaces between, while the secret is being changed.',
    ],
  ],
  checks: [clock, repeats],
}

const verifications: Record<FormatKey, Verification> = {
  feefo: {
    headers: [],
    checks: [
      'The key says who calls; it does not sign the body. Take the link from the body, make sure that it begins with this hub’s address, and believe what the link answers.',
      repeats,
    ],
  },
  'customer-thermometer': {
    headers: [
      ['Date', 'When this call was signed. It is signed as well: a proxy in front of you must leave it as it is.'],
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

/** What a receiver of this webhook can tell its calls by: the signature, the Authorization header, or both. */
export function proofsOf(format: FormatKey, authentication: 'account-key' | 'basic'): Proof[] {
  const signed = formats[format].secret !== null
  const proofs: Proof[] = []
  if (authentication === 'basic' || !signed) proofs.push('authorization')
  if (signed) proofs.push('signature')
  return proofs
}

/** The headers that carry those proofs, and what is left to see to. */
export function verificationOf(format: FormatKey, authentication: 'account-key' | 'basic'): Verification {
  const { headers, checks } = verifications[format]
  if (!proofsOf(format, authentication).includes('authorization')) return { headers, checks }
  const holds =
    authentication === 'basic'
      ? 'Basic and the base64 of user:password, as entered for this WebHook.'
      : 'hmac and the account’s pre-shared key.'
  return { headers: [['Authorization', holds], ...headers], checks }
}
