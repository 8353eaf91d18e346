import { type LookupAddress, Resolver } from 'node:dns'
import { lookup } from 'node:dns/promises'

// Where a name leads, asked of the DNS directly. Not through `dns.lookup`: that holds one of node's few threads until
// the answer is there, so two names whose servers keep silent held up every other new connection for 10 s.

/** All questions of one look-up, repetitions included. A call has 5 s by default: it has to hear of it before. */
const atMostMs = 4_500
const resolver = new Resolver({ timeout: 1_000, tries: 4 })

const noSuchName = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

/** A name without any address (`ENOTFOUND`), or whose servers gave no answer (`EAI_AGAIN`). */
export class NameError extends Error {
  constructor(readonly code: 'ENOTFOUND' | 'EAI_AGAIN') {
    super(code)
  }
}

/**
 * Every address of a host name, IPv4 first, at least one; throws NameError. `inHouse`: private targets are allowed, so
 * a name that the DNS does not know is asked of the operating system too (hosts file, search domains).
 */
export async function resolveName(host: string, inHouse: boolean): Promise<LookupAddress[]> {
  // No public name is without a dot, "localhost" least of all; forms take none unless private targets are allowed.
  if (!host.replace(/\.$/, '').includes('.')) return askSystem(host)
  const [v4, v6] = await Promise.all([ask(host, 4), ask(host, 6)])
  const found = [...v4.addresses, ...v6.addresses]
  if (found.length > 0) return found
  if (inHouse) return askSystem(host)
  throw new NameError(v4.unanswered || v6.unanswered ? 'EAI_AGAIN' : 'ENOTFOUND')
}

/** The addresses of one family. That its servers fail is no more than having none: what is dialled was judged. */
function ask(host: string, family: 4 | 6): Promise<{ addresses: LookupAddress[]; unanswered?: boolean }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ addresses: [], unanswered: true }), atMostMs)
    const done = (error: NodeJS.ErrnoException | null, found: string[] = []) => {
      clearTimeout(timer)
      resolve({
        addresses: found.map((address) => ({ address, family })),
        unanswered: error !== null && !noSuchName.has(error.code ?? ''),
      })
    }
    if (family === 4) resolver.resolve4(host, done)
    else resolver.resolve6(host, done)
  })
}

async function askSystem(host: string): Promise<LookupAddress[]> {
  try {
    return await lookup(host, { all: true })
  } catch (error) {
    throw new NameError((error as NodeJS.ErrnoException).code === 'ENOTFOUND' ? 'ENOTFOUND' : 'EAI_AGAIN')
  }
}
