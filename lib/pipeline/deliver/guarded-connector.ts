import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import { type AddressRange, forbiddenRange, inRanges } from './address-guard'
import { resolveName } from './resolve-name'
import { buildConnector } from './undici'

// The connector every call goes through. It judges literals first (no lookup is made for them), then every address a
// name resolves to (one forbidden answer refuses all), then the address the socket really reached. Scheme and port are
// judged with the addresses, because a private address that the operator allows may have any.

/** Of several addresses each has so long to connect before the next one is tried: one lost packet is sent again by then. */
const attemptMs = 1_500

/** Thrown into a call whose address is forbidden; `range` names the range, never the URL. */
export class BlockedAddressError extends Error {
  readonly code = 'HEARBACK_BLOCKED_ADDRESS'
  constructor(
    readonly address: string,
    readonly range: string,
  ) {
    super(`${address} is ${range}`)
  }
}

/** Thrown into a call whose scheme or port the operator does not allow for public addresses. */
export class BlockedUrlError extends Error {
  readonly code = 'HEARBACK_BLOCKED_URL'
  /** `what`: 'http', or the port as in 'port 8443'. */
  constructor(readonly what: string) {
    super(`${what} is not allowed`)
  }
}

/** What the calls of one webhook may reach. */
export type Guard = {
  /** Private ranges that may be called nevertheless. */
  allowed: readonly AddressRange[]
  /** What of the URL is not allowed for a public address: 'http', or 'port 8443'. */
  blockedUrl?: string
}

/** Why an address may not be called by this hub, or undefined. */
export function judgeAddress(address: string, allowed: readonly AddressRange[]): BlockedAddressError | undefined {
  if (inRanges(address, allowed)) return undefined
  const range = forbiddenRange(address)
  return range ? new BlockedAddressError(address, range) : undefined
}

/** Why an address may not be called under a guard: its range first, then the scheme or port of the URL. */
function judge(address: string, { allowed, blockedUrl }: Guard): Error | undefined {
  const blocked = judgeAddress(address, allowed)
  if (blocked || blockedUrl === undefined || inRanges(address, allowed)) return blocked
  return new BlockedUrlError(blockedUrl)
}

/** Looks a name up and judges every answer, as `lookup` of node's sockets. */
export function guardedLookup(guard: Guard, resolve = resolveName) {
  return (
    host: string,
    options: LookupOptions,
    done: (error: Error | null, address: LookupAddress[] | string, family?: number) => void,
  ) => {
    resolve(host, guard.allowed.length > 0).then(
      (found) => {
        for (const { address } of found) {
          const blocked = judge(address, guard)
          if (blocked) return done(blocked, [])
        }
        const first = found[0] as LookupAddress
        return options.all ? done(null, found) : done(null, first.address, first.family)
      },
      (error) => done(error, []),
    )
  }
}

/** A connector for one pool: sockets are never shared between webhooks. `timeoutMs` covers connect and TLS. */
export function guardedConnector(guard: Guard, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptMs,
    lookup: guardedLookup(guard) as never,
  })
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const blocked = isIP(host) ? judge(host, guard) : undefined
    if (blocked) return done(blocked, null)
    return connect(options, (...[error, socket]) => {
      if (error) return done(error, null)
      const reached = reachedAddress(socket.remoteAddress, guard)
      if (!reached) return done(null, socket)
      socket.destroy()
      return done(reached, null)
    })
  }
}

/** Why the socket that was opened may not be used. One that its receiver has closed already has no address. */
function reachedAddress(address: string | undefined, guard: Guard): Error | undefined {
  if (address === undefined) return Object.assign(new Error('closed at once'), { code: 'ECONNRESET' })
  return judge(address, guard)
}
