// The table of Customer Thermometer's “Webhooks”: four temperatures, and for each the parts that were added or changed.

export const temperatures = ['gold', 'green', 'yellow', 'red'] as const
export const thermometerParts = ['response', 'comment', 'driver'] as const
export type Temperature = (typeof temperatures)[number]
export type ThermometerPart = (typeof thermometerParts)[number]

/** The twelve boxes, such as `red.comment`. */
export const thermometerBoxes = temperatures.flatMap((temperature) =>
  thermometerParts.map((part) => `${temperature}.${part}` as const),
)
export type ThermometerBox = (typeof thermometerBoxes)[number]
