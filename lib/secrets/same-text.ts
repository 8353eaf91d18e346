import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares two secrets in constant time. It compares digests, because timingSafeEqual needs equal lengths. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
