'use client'

import { roles, roleWords } from '@/lib/accounts/roles'
import type { FormResult } from '@/lib/form-result'
import type { Member } from '@/lib/people/members'
import { Select } from '../ui/select'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'

type Props = {
  member: Member
  /** Absent: the person may only look. */
  change?: (userId: string, role: string) => Promise<FormResult>
}

/** The role of a member, changed at once. */
export function RoleSelect({ member: { userId, email, role }, change }: Props) {
  const { run, pending } = useAction()
  if (!change) return roleWords[role].label
  const choose = (next: string) =>
    run(
      () => change(userId, next),
      (result) => {
        if (result.ok) toast.success(`${email} is ${roleWords[next as typeof role].label.toLowerCase()} now.`)
        else toastRefusal(result)
      },
    )
  return (
    <Select
      aria-label={`Role of ${email}`}
      value={role}
      disabled={pending}
      onChange={({ target }) => choose(target.value)}
      options={roles.map((value) => ({ value, label: roleWords[value].label }))}
      className="max-w-36"
    />
  )
}
