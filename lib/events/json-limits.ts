// Refuses JSON that JSON.parse accepts but PostgreSQL, a header or another parser does not.

export const depthAtMost = 32
export const keysAtMost = 1000
export const tooDeep = `is nested deeper than ${depthAtMost} levels`
export const tooManyKeys = `has more than ${keysAtMost} keys`
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

export type JsonFault = { path: (string | number)[]; message: string }

/** The first fault in a parsed JSON value that keeps it from being stored exactly, or undefined. */
export function findJsonFault(value: unknown): JsonFault | undefined {
  const walk: Walk = { keys: 0, path: [] }
  const message = visit(value, 0, walk)
  return message ? { path: walk.path.reverse(), message } : undefined
}

/** `path`: where the fault is, from the inside out. It is built only when there is a fault. */
type Walk = { keys: number; path: (string | number)[] }

function visit(node: unknown, depth: number, walk: Walk): string | undefined {
  if (typeof node === 'string') return textFault(node)
  if (typeof node === 'number') return numberFault(node)
  if (typeof node !== 'object' || node === null) return undefined
  if (depth >= depthAtMost) return tooDeep
  if (Array.isArray(node)) {
    for (let i = 0; i < node.length; i++) {
      const fault = visit(node[i], depth + 1, walk)
      if (fault) return at(i, fault, walk)
    }
    return undefined
  }
  for (const key of Object.keys(node)) {
    if (++walk.keys > keysAtMost) return tooManyKeys
    if (forbiddenKeys.has(key)) return `has the key "${key}", which is not allowed`
    const own = textFault(key)
    if (own) return own
    const fault = visit((node as Record<string, unknown>)[key], depth + 1, walk)
    if (fault) return at(key, fault, walk)
  }
  return undefined
}

function at(step: string | number, fault: string, walk: Walk): string {
  walk.path.push(step)
  return fault
}

function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'holds the character U+0000, which can’t be stored'
  return text.isWellFormed() ? undefined : 'holds half a character (a lone surrogate), which can’t be stored'
}

function numberFault(number: number): string | undefined {
  if (!Number.isFinite(number)) return 'is too large a number'
  const exact = !Number.isInteger(number) || Number.isSafeInteger(number)
  return exact ? undefined : 'is too large a number to be kept exactly; send it as text'
}
