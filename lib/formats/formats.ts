import { customerThermometer } from './customer-thermometer'
import { feefo } from './feefo'
import type { Format, FormatKey } from './format'
import { rateup } from './rateup'
import { reviews } from './reviews'
import { standard } from './standard'
import { wootric } from './wootric'

/** Every format by its key, in the order the form lists them. */
export const formats: Record<FormatKey, Format> = {
  feefo,
  'customer-thermometer': customerThermometer,
  wootric,
  reviews,
  rateup,
  standard,
}
