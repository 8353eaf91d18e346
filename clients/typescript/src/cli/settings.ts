import type { ParseArgsConfig } from 'node:util'
import type { HubOptions } from '../hub.ts'
import type { FormatKey } from '../verify.ts'

// What the commands share: their options and how they are read.

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

export type Command = {
  usage: string
  does: string
  options: NonNullable<ParseArgsConfig['options']>
  /** Returns the exit code. */
  run(values: Values, positionals: string[]): Promise<number>
}

/** The command was not understood; the message says what is missing. */
export class UsageError extends Error {}

export function hubOf(values: Values): HubOptions {
  const url = text(values, 'url') ?? process.env.HEARBACK_URL
  const apiKey = text(values, 'api-key') ?? process.env.HEARBACK_API_KEY
  if (!url || !URL.canParse(url))
    throw new UsageError('Give the address of the hub: --url https://hub.example, or HEARBACK_URL')
  if (!apiKey) throw new UsageError('Give an API key: --api-key hbk_…, or HEARBACK_API_KEY')
  return { url, apiKey }
}

export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export const texts = (values: Values, name: string): string[] => [values[name] ?? []].flat().map(String)

const formats: readonly string[] = ['feefo', 'customer-thermometer', 'wootric', 'reviews', 'rateup', 'standard']

export function formatOf(values: Values): FormatKey {
  const format = text(values, 'format') ?? 'standard'
  if (!formats.includes(format)) throw new UsageError(`--format is one of ${formats.join(', ')}`)
  return format as FormatKey
}
