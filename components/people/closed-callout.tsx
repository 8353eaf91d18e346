import { Callout } from '../ui/callout'

type Props = { why: 'suspended' | 'twoFactor' | undefined; accountName: string }

/** Why the person sees nothing of their account but this page. */
export function ClosedCallout({ why, accountName }: Props) {
  if (why === 'suspended')
    return (
      <Callout tone="warning" title={`${accountName} is suspended`}>
        <p>Whoever runs this hub has closed it and can open it again. Nothing of it is lost.</p>
      </Callout>
    )
  if (why === 'twoFactor')
    return (
      <Callout tone="warning" title={`${accountName} demands two-factor sign-in`}>
        <p>Set it up here, then its pages open.</p>
      </Callout>
    )
  return null
}
