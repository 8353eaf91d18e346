'use client'

import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { toast } from '../ui/toast'
import { useAction } from '../ui/use-action'

type Props = {
  demanded: boolean
  /** Members who have not set it up. */
  without: number
  action: (demanded: boolean) => Promise<FormResult>
}

/** Says whether every member needs two-factor sign-in. */
export function DemandTwoFactor({ demanded, without, action }: Props) {
  const [error, setError] = useState<string>()
  const { run, pending } = useAction()
  const press = () =>
    run(
      () => action(!demanded),
      (result) => {
        setError(result.ok ? undefined : result.errors[0]?.message)
        if (!result.ok) return
        toast.success(demanded ? 'Two-factor sign-in is up to each member.' : 'Every member needs two-factor sign-in.')
      },
    )
  return (
    <Card
      title="Two-factor sign-in"
      description={
        demanded
          ? 'This account demands it: a member without it sees nothing here until they have set it up.'
          : `Up to each member. ${withoutWords(without)}`
      }
      action={
        <Button pending={pending} onClick={press}>
          {demanded ? 'Stop demanding it' : 'Demand it of everyone'}
        </Button>
      }
    >
      {error && (
        <Callout tone="danger" role="alert">
          {error}
        </Callout>
      )}
    </Card>
  )
}

const withoutWords = (without: number) => {
  if (without === 0) return 'All of them have it.'
  return without === 1 ? 'One of them does not have it.' : `${without} of them do not have it.`
}
