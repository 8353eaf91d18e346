'use client'

import { useEffect, useState } from 'react'

/**
 * The token behind the # of a link, which never leaves the browser by itself, and what `read` answers for it. Undefined
 * until it is known. The token is taken out of the address, so that it does not stay in the browser's history.
 */
export function useLinkToken<Value>(read: (token: string) => Promise<Value>) {
  const [opened, setOpened] = useState<{ token: string; value: Value | undefined }>()
  useEffect(() => {
    const token = window.location.hash.slice(1)
    if (!token) return setOpened((before) => before ?? { token: '', value: undefined })
    window.history.replaceState(null, '', window.location.pathname)
    read(token).then(
      (value) => setOpened({ token, value }),
      () => setOpened({ token: '', value: undefined }),
    )
  }, [read])
  return opened
}
