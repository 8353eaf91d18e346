import { feefo } from './feefo'
import type { Format, FormatKey } from './format'
import { standard } from './standard'

/** Every format by its key, in the order the form lists them. */
export const formats: Record<FormatKey, Format> = { feefo, standard }
