/** The bytes of one request that are held until it is answered. */
export type HeldBytes = {
  /** Adds bytes that were read from the socket. Answers false, and adds nothing, when there is no room for them. */
  add(bytes: number): boolean
  /** Gives all of them back. */
  release(): void
}

export type ByteBudget = {
  /** Begins a request of `owner`. */
  open(owner: string): HeldBytes
  /** Bytes held now. */
  held(): number
}

/** Counts the bytes of all running requests, in this process alone: `total` of them in all, `each` of one owner. */
export function openByteBudget({ total, each }: { total: number; each: number }): ByteBudget {
  const owners = new Map<string, number>()
  let held = 0
  return {
    held: () => held,
    open(owner) {
      let own = 0
      return {
        add(bytes) {
          const ofOwner = (owners.get(owner) ?? 0) + bytes
          if (held + bytes > total || ofOwner > each) return false
          owners.set(owner, ofOwner)
          held += bytes
          own += bytes
          return true
        },
        release() {
          const rest = (owners.get(owner) ?? 0) - own
          if (rest > 0) owners.set(owner, rest)
          else owners.delete(owner)
          held -= own
          own = 0
        },
      }
    },
  }
}
