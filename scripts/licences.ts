// The licences that installed packages may have. Hearback is Apache-2.0. Refused are licences that put conditions on the
// whole program (GPL, AGPL) or restrict its use (SSPL, BUSL), and packages without a licence.

const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  // Dedicated to the public domain, with a licence where that is not possible.
  'Unlicense',
  // These require a notice, which is in NOTICE.
  'CC-BY-4.0',
  'MPL-2.0',
  'OFL-1.1',
])

/** Libraries under the LGPL that are dynamically linked, unmodified and optional, which the LGPL (section 4) permits. */
const dynamicallyLinked = /^@img\/sharp-/

/** Names that are not SPDX identifiers. */
const spdxNames: Record<string, string> = { 'SIL OPEN FONT LICENSE': 'OFL-1.1', 'MIT and ISC': 'MIT AND ISC' }

/** The licences for which NOTICE has to name the package. */
export const noticeLicences = /CC-BY|MPL|OFL|SIL OPEN FONT|LGPL/

export type LockedPackage = { name: string; licence: string | undefined }

/** The packages of an npm lock (version 3) that `npm ci --omit=dev` may install, on any platform. */
export function productionPackages(lock: { packages: Record<string, LockEntry> }): LockedPackage[] {
  return Object.entries(lock.packages)
    .filter(([at, { dev }]) => at !== '' && !dev)
    .map(([at, { license }]) => ({ name: at.replace(/^.*node_modules\//, ''), licence: license }))
}
type LockEntry = { dev?: boolean; license?: string }

/** Whether a package with this licence (an SPDX expression of AND and OR without brackets) may be installed. */
export function isAllowed({ name, licence = '' }: LockedPackage): boolean {
  const expression = spdxNames[licence] ?? licence
  return expression
    .split(' OR ')
    .some((choice) =>
      choice
        .split(' AND ')
        .every((id) => allowed.has(id) || (id === 'LGPL-3.0-or-later' && dynamicallyLinked.test(name))),
    )
}
