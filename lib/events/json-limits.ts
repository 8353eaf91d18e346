// What JSON.parse lets through and a database, a header or another parser would not (SAFETY.md 10, 11).

const depthAtMost = 32
const keysAtMost = 1000
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

export type JsonFault = { path: (string | number)[]; message: string }

/** The first thing in a parsed JSON value that can't be kept exactly, or undefined. */
export function findJsonFault(value: unknown): JsonFault | undefined {
  let keys = 0
  const path: (string | number)[] = []

  function visit(node: unknown): string | undefined {
    if (typeof node === 'string') return textFault(node)
    if (typeof node === 'number') return numberFault(node)
    if (typeof node !== 'object' || node === null) return undefined
    if (path.length >= depthAtMost) return `is nested deeper than ${depthAtMost} levels`
    if (Array.isArray(node)) {
      for (let i = 0; i < node.length; i++) {
        const fault = inside(i, node[i])
        if (fault) return fault
      }
      return undefined
    }
    for (const key of Object.keys(node)) {
      if (++keys > keysAtMost) return `has more than ${keysAtMost} keys`
      if (forbiddenKeys.has(key)) return `has the key "${key}", which is not allowed`
      const fault = textFault(key) ?? inside(key, (node as Record<string, unknown>)[key])
      if (fault) return fault
    }
    return undefined
  }

  function inside(step: string | number, node: unknown): string | undefined {
    path.push(step)
    const fault = visit(node)
    if (!fault) path.pop()
    return fault
  }

  const message = visit(value)
  return message ? { path, message } : undefined
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
