import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { refuseSchemeOrPort, type UrlPolicy } from '../webhooks/url-schema'
import { inRanges, readRanges } from './address-guard'
import { judgeAddress } from './guarded-connector'

/**
 * Asks the DNS where a URL that the form accepted leads: why it can't be called, in a merchant's words, or undefined.
 * The same judgement is made again at every new connection; this one is made early so that a person hears of it.
 */
export async function checkTarget(text: string, plainHttp: boolean, policy: UrlPolicy): Promise<string | undefined> {
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const allowed = readRanges(policy.privateTargets)
  const addresses = isIP(host) ? [host] : await resolve(host)
  if (addresses.length === 0) return `We can't find "${host}". Check the spelling, or whether the name is set up yet.`
  if (addresses.every((address) => inRanges(address, allowed))) return undefined
  for (const address of addresses) {
    const blocked = judgeAddress(address, allowed)
    if (blocked)
      return `"${host}" leads to ${address}, a ${blocked.range} address that can't be reached from the internet. Use your site's public name.`
  }
  return refuseSchemeOrPort(url, plainHttp, policy)
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    // Whatever the resolver says (no such name, no answer), the merchant's next step is the same.
    return []
  }
}
