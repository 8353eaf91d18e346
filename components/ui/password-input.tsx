'use client'

import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { Button } from './button'
import { Input } from './input'

/** A password field with a button that shows the typed text. Put it in a Field. */
export function PasswordInput(props: Omit<ComponentProps<typeof Input>, 'type'>) {
  const [shown, setShown] = useState(false)
  return (
    <div className="relative">
      <Input
        {...props}
        type={shown ? 'text' : 'password'}
        spellCheck={false}
        autoCapitalize="none"
        autoCorrect="off"
        className="pr-11 max-md:pr-12"
      />
      <span className="absolute inset-y-0 right-0.5 flex items-center max-md:right-0">
        <Button
          variant="ghost"
          size="sm"
          aria-label={shown ? 'Hide password' : 'Show password'}
          icon={shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          onClick={() => setShown(!shown)}
        />
      </span>
    </div>
  )
}
