'use client'

import { Check, ChevronsUpDown } from 'lucide-react'
import { done } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Menu, MenuItem } from '../ui/menu'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'

type Account = { id: string; name: string }
type Props = {
  account: Account
  /** Every account that the person belongs to. */
  accounts: Account[]
  switchTo: (id: string) => Promise<{ address: string }>
}

/** The name of the account; a menu of all of them where the person belongs to several. */
export function AccountSwitch({ account, accounts, switchTo }: Props) {
  const { run, pending } = useAction()
  if (accounts.length < 2)
    return (
      <p className="line-clamp-2 px-2.5 font-medium [overflow-wrap:anywhere]" title={account.name}>
        <span className="sr-only">Account: </span>
        {account.name}
      </p>
    )
  const choose = (id: string) =>
    run(
      async () => done(await switchTo(id)),
      (result) => {
        // A full page load, so that nothing of the other account is shown.
        if (result.ok) window.location.assign(result.value.address)
        else toastRefusal(result)
      },
    )
  return (
    <Menu
      label={`Account: ${account.name}. Switch account`}
      align="start"
      trigger={
        <Button
          variant="ghost"
          pending={pending}
          className="min-w-0 justify-between px-2.5 [&>span]:min-w-0 [&>span]:truncate"
        >
          <span className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">{account.name}</span>
            <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
          </span>
        </Button>
      }
    >
      {accounts.map(({ id, name }) => (
        <MenuItem
          key={id}
          icon={<Check aria-hidden className={id === account.id ? '' : 'invisible'} />}
          onClick={() => (id === account.id ? undefined : choose(id))}
        >
          <span className="min-w-0 truncate">{name}</span>
        </MenuItem>
      ))}
    </Menu>
  )
}
