import { Card } from '../../ui/card'
import { CodeBlock } from '../../ui/code-block'

/** The addresses that calls come from, for firewalls. */
export const SenderAddresses = ({ addresses }: { addresses: readonly string[] }) => (
  <Card
    title="Sender addresses"
    description="For a firewall that lets only known addresses in. An address alone proves nothing: check the call as well."
  >
    {addresses.length > 0 ? (
      <CodeBlock what="sender addresses" title="Calls come from" code={addresses.join('\n')} />
    ) : (
      <p className="max-w-prose">
        The operator of this hub has not named its addresses. Ask them for <code>HEARBACK_EGRESS_IPS</code> before you
        close your firewall.
      </p>
    )}
  </Card>
)
