import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import { type AddressRange, forbiddenRange, inRanges } from './address-guard'
import { resolveName } from './resolve-name'
import { buildConnector } from './undici'

// The connector every call goes through. It judges literals first (no lookup is made for them), then every address a
// name resolves to (one forbidden answer refuses all), then the address the socket really reached.

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

/** Why an address may not be called by this hub, or undefined. */
export function judgeAddress(address: string, allowed: readonly AddressRange[]): BlockedAddressError | undefined {
  if (inRanges(address, allowed)) return undefined
  const range = forbiddenRange(address)
  return range ? new BlockedAddressError(address, range) : undefined
}

/** Looks a name up and judges every answer, as `lookup` of node's sockets. */
export function guardedLookup(allowed: readonly AddressRange[], resolve = resolveName) {
  return (
    host: string,
    options: LookupOptions,
    done: (error: Error | null, address: LookupAddress[] | string, family?: number) => void,
  ) => {
    resolve(host, allowed.length > 0).then(
      (found) => {
        for (const { address } of found) {
          const blocked = judgeAddress(address, allowed)
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
export function guardedConnector(allowed: readonly AddressRange[], timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptMs,
    lookup: guardedLookup(allowed) as never,
  })
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const blocked = isIP(host) ? judgeAddress(host, allowed) : undefined
    if (blocked) return done(blocked, null)
    return connect(options, (...[error, socket]) => {
      if (error) return done(error, null)
      const reached = reachedAddress(socket.remoteAddress, allowed)
      if (!reached) return done(null, socket)
      socket.destroy()
      return done(reached, null)
    })
  }
}

/** Why the socket that was opened may not be used. One that its receiver has closed already has no address. */
function reachedAddress(address: string | undefined, allowed: readonly AddressRange[]): Error | undefined {
  if (address === undefined) return Object.assign(new Error('closed at once'), { code: 'ECONNRESET' })
  return judgeAddress(address, allowed)
}
