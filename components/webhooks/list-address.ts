type Shown = { search: string; long: boolean; before?: number; after?: number }

/** The address of a page of the Configured WebHooks. */
export function listAddress({ search, long, before, after }: Shown): string {
  const query = new URLSearchParams({
    ...(search && { search }),
    ...(long && { list: 'long' }),
    ...(before !== undefined && { before: String(before) }),
    ...(after !== undefined && { after: String(after) }),
  })
  return query.size > 0 ? `/settings/webhooks?${query}` : '/settings/webhooks'
}
