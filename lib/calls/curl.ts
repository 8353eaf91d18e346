import type { ShownHeader, ShownRequest } from './shown-request'

// A past call as a command for a terminal. Pure; the browser makes it too.

/** The client sets these itself. */
const ofTheClient = new Set(['host', 'connection', 'content-length'])

/**
 * A curl command with the exact body of a call. Secrets are left out: Authorization is read from HEARBACK_AUTHORIZATION,
 * and custom headers are named in a comment.
 */
export function curlCommand(url: string, { headers }: ShownRequest, body: string): string {
  const leftOut = secretHeaders(headers)
  const lines = [`curl -X POST ${quote(url)}`]
  for (const { name, value, masked } of headers) {
    if (ofTheClient.has(name) || leftOut.includes(name)) continue
    lines.push(masked ? '-H "authorization: $HEARBACK_AUTHORIZATION"' : `-H ${quote(`${name}: ${value}`)}`)
  }
  lines.push(`--data-raw ${quote(body)}`)
  const command = lines.join(' \\\n  ')
  return leftOut.length > 0
    ? `# Left out, because only the WebHook has the value: ${leftOut.join(', ')}\n${command}`
    : command
}

/** The names of the masked headers but Authorization. */
export const secretHeaders = (headers: readonly ShownHeader[]): string[] =>
  headers.flatMap(({ name, masked }) => (masked && name.toLowerCase() !== 'authorization' ? [name] : []))

/** A word of a POSIX shell. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
