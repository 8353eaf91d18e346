import type { Proof } from '@/lib/verify/verification'
import type { Authentication } from '@/lib/webhooks/webhook-schema'
import { Card } from '../../ui/card'
import { CodeBlock } from '../../ui/code-block'
import { Link } from '../../ui/link'

type Props = { proofs: readonly Proof[]; authentication: Authentication; webhookHref: string }

/** Which variable the code reads its secret from, and where a person finds the secret. */
export const SecretPlace = ({ proofs, authentication, webhookHref }: Props) => (
  <Card
    title="Where the secret stands"
    description="The code reads it from the environment of your endpoint, so that it is in no file and in no repository."
  >
    <CodeBlock
      what="environment variables"
      title="Terminal"
      code={proofs.map((proof) => lines[proof === 'signature' ? 'signature' : authentication]).join('\n')}
    />
    <p className="max-w-prose">
      {proofs.includes('signature') && (
        <>
          The signing secret is shown on{' '}
          <Link href={webhookHref} className="text-accent-text underline">
            this WebHook’s page
          </Link>
          .{' '}
        </>
      )}
      {proofs.includes('authorization') &&
        (authentication === 'basic' ? (
          'User and password are those that were entered for this WebHook. '
        ) : authentication === 'own-header' ? (
          'The value is the one that was entered for this WebHook. '
        ) : (
          <>
            The pre-shared key is shown under{' '}
            <Link href="/settings/webhooks" className="text-accent-text underline">
              WebHooks
            </Link>
            .{' '}
          </>
        ))}
      <span className="text-muted">An owner or an admin of this account can reveal and copy it.</span>
    </p>
  </Card>
)

const lines: Record<'signature' | Authentication, string> = {
  signature: "export HEARBACK_SECRET='the signing secret'",
  'account-key': "export HEARBACK_AUTHORIZATION='hmac the pre-shared key'",
  'own-header': "export HEARBACK_AUTHORIZATION='the value of the own header'",
  none: '',
  basic: `export HEARBACK_AUTHORIZATION="Basic $(printf %s 'user:password' | base64 | tr -d '\\n')"`,
}
