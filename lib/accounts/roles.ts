/** Who may do what, weakest first: a viewer reads, an admin changes settings, an owner also decides about people. */
export const roles = ['viewer', 'admin', 'owner'] as const
export type Role = (typeof roles)[number]

/** Whether `role` may do what `needed` may. */
export const mayAct = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed)

/** The roles in words for people. */
export const roleWords: Record<Role, { label: string; help: string }> = {
  viewer: { label: 'Viewer', help: 'reads everything but secrets and whole URLs.' },
  admin: { label: 'Admin', help: 'also changes settings and sees secrets.' },
  owner: { label: 'Owner', help: 'also decides who belongs to the account.' },
}
