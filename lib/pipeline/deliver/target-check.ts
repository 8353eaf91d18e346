import { isIP } from 'node:net'
import { refuseSchemeOrPort, type UrlPolicy } from '../../webhooks/url-schema'
import { inRanges, readRanges } from './address-guard'
import { judgeAddress } from './guarded-connector'
import { NameError, resolveName } from './resolve-name'

/**
 * Asks the DNS where a URL that the form accepted leads: why it can't be called, in a merchant's words, or undefined.
 * The same judgement is made again at every new connection; this one is made early so that a person hears of it.
 */
export async function checkTarget(text: string, plainHttp: boolean, policy: UrlPolicy): Promise<string | undefined> {
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const allowed = readRanges(policy.privateTargets)
  const addresses = isIP(host) ? [host] : await resolve(host, allowed.length > 0)
  if (addresses instanceof NameError) return unresolved(host, addresses)
  if (addresses.every((address) => inRanges(address, allowed))) return undefined
  for (const address of addresses) {
    const blocked = judgeAddress(address, allowed)
    if (blocked)
      return `"${host}" leads to ${address}, a ${blocked.range} address that can't be reached from the internet. Use your site's public name.`
  }
  return refuseSchemeOrPort(url, plainHttp, policy)
}

const resolve = (host: string, inHouse: boolean) =>
  resolveName(host, inHouse).then(
    (found) => found.map(({ address }) => address),
    (error: NameError) => error,
  )

const unresolved = (host: string, { code }: NameError) =>
  code === 'ENOTFOUND'
    ? `We can't find "${host}". Check the spelling, or whether the name is set up yet.`
    : `The DNS gives no answer for "${host}" just now. Try again in a minute; if it stays so, ask who runs its name servers.`
