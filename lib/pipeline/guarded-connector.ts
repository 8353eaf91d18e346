import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import { buildConnector } from 'undici'
import { type AddressRange, forbiddenRange, inRanges } from './address-guard'

// The connector every call goes through. It judges literals first (no lookup is made for them), then every address a
// name resolves to (one forbidden answer refuses all), then the address the socket really reached.

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

type Resolve = (
  host: string,
  options: { all: true },
  done: (error: Error | null, found: LookupAddress[]) => void,
) => void

/** Looks a name up and judges every answer; an empty answer is an error. */
export function guardedLookup(allowed: readonly AddressRange[], resolve: Resolve = dnsLookup) {
  return (
    host: string,
    options: LookupOptions,
    done: (error: Error | null, address: LookupAddress[] | string, family?: number) => void,
  ) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      const [first] = found
      if (!first) return done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), [])
      for (const { address } of found) {
        const blocked = judgeAddress(address, allowed)
        if (blocked) return done(blocked, [])
      }
      return options.all ? done(null, found) : done(null, first.address, first.family)
    })
  }
}

/** A connector for one pool: sockets are never shared between webhooks. `timeoutMs` covers connect and TLS. */
export function guardedConnector(allowed: readonly AddressRange[], timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    autoSelectFamily: true,
    lookup: guardedLookup(allowed) as never,
  })
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const blocked = isIP(host) ? judgeAddress(host, allowed) : undefined
    if (blocked) return done(blocked, null)
    return connect(options, (...[error, socket]) => {
      if (error) return done(error, null)
      const reached = judgeAddress(socket.remoteAddress ?? '', allowed)
      if (!reached) return done(null, socket)
      socket.destroy()
      return done(reached, null)
    })
  }
}
