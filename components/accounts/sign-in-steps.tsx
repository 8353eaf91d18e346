'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { SignIn } from '@/lib/accounts/account-schema'
import type { FormResult } from '@/lib/form-result'
import type { Code } from '@/lib/people/people-schema'
import { CodeForm } from '../people/code-form'
import { PageHead } from '../ui/page-head'
import { SignInForm } from './sign-in-form'

type Next = { address?: string }
type Props = {
  signIn: (values: SignIn) => Promise<FormResult<Next>>
  enterCode: (values: Code) => Promise<FormResult<Next>>
}

/** E-mail address and password, then a code where two-factor sign-in is on. */
export function SignInSteps({ signIn, enterCode }: Props) {
  const router = useRouter()
  const [needsCode, setNeedsCode] = useState(false)
  const follow = ({ address }: Next) => (address ? router.push(address) : setNeedsCode(true))
  if (needsCode)
    return (
      <>
        <PageHead title="Enter your code" description="Your password is right. One step is left." />
        <CodeForm action={enterCode} onDone={follow} onBack={() => setNeedsCode(false)} />
      </>
    )
  return (
    <>
      <PageHead title="Sign in" description="To the WebHooks of your account." />
      <SignInForm action={signIn} onDone={follow} />
    </>
  )
}
