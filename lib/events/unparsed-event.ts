import type { Piece } from './cut-body'
import { eventBytesAtMost } from './cut-body'
import { depthAtMost, keysAtMost } from './json-limits'

// Names an event that is refused without being parsed: its id, and where it goes past its depth or keys. What it reads
// may be no valid JSON.

type Outline = { id: string | null; path: (string | number)[] }

/** An array or object that is open at this place, and the key or index reached in it. */
type Open = { list: boolean; step: [start: number, end: number] | number | undefined }

/** Reads at most the first 256 KiB. `path`: the value that is too deep, or the object with one key too many. */
export function outlineEvent(body: Buffer, { start, end: wholeEnd, excess }: Piece): Outline {
  const end = Math.min(wholeEnd, start + eventBytesAtMost)
  const outline: Outline = { id: null, path: [] }
  const stack: Open[] = []
  let found = excess === 'bytes'
  let keys = 0
  let deeper = 0
  for (let at = start; at < end; at++) {
    const top = stack.at(-1)
    switch (body[at]) {
      case 0x22: {
        const textStart = at
        at = textEnd(body, at, end)
        if (!top || top.list || deeper > 0) break
        if (isKey(body, at + 1, end)) {
          top.step = [textStart, at + 1]
          if (++keys > keysAtMost && excess === 'keys' && !found) {
            found = true
            outline.path = pathOf(body, stack.slice(0, -1))
          }
        } else if (stack.length === 1 && stepOf(body, top.step) === 'id') outline.id = textOf(body, textStart, at + 1)
        break
      }
      case 0x7b:
      case 0x5b:
        if (stack.length === depthAtMost) {
          if (!found && excess === 'depth') {
            found = true
            outline.path = pathOf(body, stack)
          }
          deeper++
        } else stack.push({ list: body[at] === 0x5b, step: body[at] === 0x5b ? 0 : undefined })
        break
      case 0x7d:
      case 0x5d:
        if (deeper > 0) deeper--
        else stack.pop()
        break
      case 0x2c:
        if (deeper === 0 && typeof top?.step === 'number') top.step++
    }
  }
  return outline
}

/** Where the closing quote of the text that opens at `start` is; `end` when there is none. */
function textEnd(body: Buffer, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (body[at] === 0x5c) at++
    else if (body[at] === 0x22) return at
  }
  return end
}

function isKey(body: Buffer, from: number, end: number): boolean {
  let at = from
  while (at < end && (body[at] as number) <= 0x20) at++
  return body[at] === 0x3a
}

const pathOf = (body: Buffer, stack: Open[]) => stack.flatMap(({ step }) => stepOf(body, step) ?? [])

const stepOf = (body: Buffer, step: Open['step']): string | number | undefined =>
  typeof step === 'object' ? (textOf(body, ...step) ?? undefined) : step

function textOf(body: Buffer, start: number, end: number): string | null {
  try {
    return JSON.parse(body.toString('utf8', start, end)) as string
  } catch {
    // The event is refused in any case: what is no text has no name.
    return null
  }
}
