/** Who claims: the id of a drainer, and how long its claims last, in milliseconds. */
export type Claimer = { drainerId: number; leaseMs: number }
