import pg from 'pg'

// How DATABASE_URL is read: by node-postgres, whose own parser takes more forms than URLs.

/** Why this is no database address, in words that go after the variable's name and hold no part of a password. */
export function refuseAddress(address: string): string | undefined {
  // The parser takes any scheme, and a bare word for a database on a host named "base".
  if (!/^(postgres(ql)?:|socket:|\/)/i.test(address)) return 'is not a postgresql:// address'
  try {
    new pg.Client({ connectionString: address })
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException
    if (path) return `names the file ${path}, which cannot be read (${code})`
    return code === 'ERR_INVALID_URL' ? 'is not a postgresql:// address' : `cannot be used: ${message}`
  }
}

/** `"name" at host:port`, or the folder of a socket; never user or password. */
export function describeAddress(address: string): string {
  const { host, port, database } = new pg.Client({ connectionString: address })
  return `${database ? `"${database}" ` : ''}at ${host.startsWith('/') ? host : `${host}:${port}`}`
}

/**
 * The settings of a connection to `address` under a name of the hub's own, by which its sessions know each other, whatever
 * name the address has.
 */
export function connection(address: string, name: string): { connectionString: string; application_name?: string } {
  // "/folder database" has no parameters. In all other forms a parameter counts more than a setting, and the last one most.
  if (address.startsWith('/')) return { connectionString: address, application_name: name }
  const parameter = new URLSearchParams({ application_name: name })
  return { connectionString: `${address}${address.includes('?') ? '&' : '?'}${parameter}` }
}
