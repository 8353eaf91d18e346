/** A hold longer than this is warned of: what waits grows old, and is not kept for ever. */
export const longHoldMs = 7 * 86_400_000
