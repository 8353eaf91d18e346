// biome-ignore lint/style/noRestrictedImports: the one place.
import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/**
 * Fetches a page when it is pressed, not when it is seen: every page is made for its reader at that moment, so what is
 * fetched before holds nothing of it, and each look at the menu would ask the hub a dozen times who is asking.
 */
export const Link = (props: Omit<ComponentProps<typeof NextLink>, 'prefetch'>) => (
  <NextLink {...props} prefetch={false} />
)
