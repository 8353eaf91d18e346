import { createClient } from './generated/client/index.js'
import { HubApi } from './generated/sdk.gen.js'
import { HubError, type HubOptions } from './hub.ts'

/**
 * The typed client of one hub: each operation of the API as a method of its operationId, such as
 * `connect(hub).listEvents({ query: { limit: 10 } })`, which resolves to `{ data, response }`. Throws HubError for every
 * answer that is no success.
 */
export function connect({ url, apiKey, fetch }: HubOptions): HubApi {
  const baseUrl = new URL('/api/v1', url).href
  const client = createClient({ baseUrl, auth: apiKey, fetch, throwOnError: true })
  client.interceptors.error.use((error, response) =>
    response ? new HubError(response.status, error as HubError['problem']) : error,
  )
  return new HubApi({ client })
}
