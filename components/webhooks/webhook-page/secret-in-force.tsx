import type { SigningSecretState } from '@/lib/webhooks/signing-secret'
import { LocalTime } from '../../ui/local-time'
import { SecretField } from '../../ui/secret-field'

type Props = {
  secret: SigningSecretState
  name: string
  /** Whether there are other secrets. */
  titled: boolean
  /** Undefined for a viewer. */
  reveal: (() => Promise<{ value: string } | { error: string }>) | undefined
}

/** One secret: its name, whether it signs and until when, and its text on request. */
export const SecretInForce = ({
  secret: { createdAt, signsFrom, expiresAt, waiting },
  name,
  titled,
  reveal,
}: Props) => (
  <div className="flex flex-col gap-1">
    {titled && <p className="font-medium">{name}</p>}
    {reveal && <SecretField label={name} reveal={reveal} />}
    <p className="text-muted text-sm">
      {waiting ? (
        <>
          Begins to sign <LocalTime at={signsFrom} show="both" />. Give it to your endpoint before.
        </>
      ) : expiresAt ? (
        <>
          Signs until <LocalTime at={expiresAt} show="both" />
        </>
      ) : (
        <>
          Signs every call. Set <LocalTime at={createdAt} />
        </>
      )}
    </p>
  </div>
)
