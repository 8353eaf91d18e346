import journal from '../../drizzle/migrations/meta/_journal.json' with { type: 'json' }

/** How many migrations this version knows. A database has the schema of exactly one generation. */
export const schemaGeneration = journal.entries.length

/** The application_name of the hub's sessions, by which `migrate` recognises those of an older version. */
export const sessionName = (purpose: '' | 'drain' = ''): string =>
  `hearback/${schemaGeneration}${purpose && ` ${purpose}`}`

/**
 * The schema generation of the process behind a session, or undefined when the session is not one of the hub's. 0 stands for
 * the versions that did not put a generation into the name.
 */
export function generationOf(applicationName: string): number | undefined {
  const parts = /^hearback(?:\/(\d+))?(?: listen| drain)?$/.exec(applicationName)
  return parts ? Number(parts[1] ?? 0) : undefined
}
