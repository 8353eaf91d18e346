// biome-ignore lint/style/noRestrictedImports: every other file imports this Link
import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/**
 * A Next link without prefetching. Every page is rendered for each request, so a prefetch would hold none of its
 * content, and each view of the menu would send a dozen requests that check the session.
 */
export const Link = (props: Omit<ComponentProps<typeof NextLink>, 'prefetch'>) => (
  <NextLink {...props} prefetch={false} />
)
