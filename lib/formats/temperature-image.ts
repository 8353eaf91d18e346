import type { Temperature } from '../webhooks/thermometer'

/** Where the hub serves the image of a temperature, below its own address. */
export const temperatureImage = (temperature: Temperature): string => `/images/temperatures/${temperature}.png`
