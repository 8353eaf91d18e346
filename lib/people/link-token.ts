import { createHash } from 'node:crypto'

/** What is stored of a link's random part: its SHA-256. The part itself has 256 random bits, so it can't be guessed from it. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()
