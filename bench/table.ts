import type { Figure } from './statistics'

// Prints the tables. A cell is the median of the rounds, followed by the minimum and maximum where they matter.

const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 })

export const show = (value: number): string => (Number.isFinite(value) ? number.format(value) : '–')
/** The median alone. */
export const mid = ({ median }: Figure): string => show(median)
/** The median, the minimum and the maximum; one value where they are the same. */
export const span = ({ median, min, max }: Figure): string =>
  min === max ? show(median) : `${show(median)} (${show(min)}–${show(max)})`

/** Prints a table: the first column to the left, the others to the right. */
export function printTable(title: string, head: string[], rows: string[][], notes: string[] = []): void {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  const lines = [...[head, ...rows].map((row) => line(row).trimEnd()), ...notes]
  console.log(`\n${title}\n${lines.map((text) => `  ${text}`).join('\n')}`)
}
