/** The value below which the share `p` (0–1) of the values lies; NaN when there are none. */
export function quantile(values: ArrayLike<number>, p: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}

/** Rounded to `digits` decimals, for figures that are printed or kept as JSON. */
export const round = (value: number, digits = 0): number => Number(value.toFixed(digits))

/** The median of the rounds, with their minimum and maximum. */
export type Figure = { median: number; min: number; max: number }

export const figure = (values: number[], digits = 0): Figure => ({
  median: round(median(values), digits),
  min: round(Math.min(...values), digits),
  max: round(Math.max(...values), digits),
})

/** The figures of several rounds, by their keys. `digits`: the keys to summarise, and how many decimals each gets. */
export function figures<K extends string>(rounds: Record<K, number>[], digits: Record<K, number>): Record<K, Figure> {
  const entries = Object.entries<number>(digits).map(([key, places]) => [
    key,
    figure(
      rounds.map((round) => round[key as K]),
      places,
    ),
  ])
  return Object.fromEntries(entries)
}
