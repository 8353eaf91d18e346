// On a host without server.ts nothing says which client address and which protocol are true, and no page gets a policy: the
// pages must not answer there. It is the process, not the module, that is behind the door: Next bundles a copy of its own.
const place = globalThis as typeof globalThis & { hearbackBehindDoor?: true }

/** Said once by the process of the pages. */
export function standBehindDoor(): void {
  place.hearbackBehindDoor = true
}

/** Whether requests reach this process through the hub's own door (lib/http/listener.ts). */
export const isBehindDoor = (): boolean => place.hearbackBehindDoor === true
