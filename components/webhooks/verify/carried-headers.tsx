import { Callout } from '../../ui/callout'
import { Card } from '../../ui/card'
import { Link } from '../../ui/link'

type Props = {
  headers: readonly (readonly [name: string, holds: string])[]
  /** Neither an Authorization header nor a signature: the format does not sign. */
  nothingYet: boolean
}

/** The headers that prove a call comes from the hub. */
export const CarriedHeaders = ({ headers, nothingYet }: Props) => (
  <Card title="What a call carries">
    {nothingYet && (
      <Callout tone="warning" title="Calls of this WebHook carry nothing to check yet">
        <span>
          Set a pre-shared key under{' '}
          <Link href="/settings/webhooks" className="text-accent-text underline">
            WebHooks
          </Link>
          , or choose Basic or an own header in this WebHook’s form.
        </span>
      </Callout>
    )}
    <dl className="grid gap-x-6 gap-y-1 md:grid-cols-[13rem_minmax(0,1fr)] md:gap-y-2">
      {headers.map(([name, holds]) => (
        <div key={name} className="contents">
          <dt>
            <code className="[overflow-wrap:anywhere]">{name}</code>
          </dt>
          <dd className="text-muted max-md:mb-2">{holds}</dd>
        </div>
      ))}
    </dl>
  </Card>
)
