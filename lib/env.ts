import ipaddr from 'ipaddr.js'
import { refuseAddress } from './db/connection'
import { faultWords } from './fault-words'
import * as z from './zod'

// The only file that reads process.env. It parses on first use, not on import, so that `next build` needs no
// configuration.

const port = z.coerce.number<string>().int().min(1).max(65535)
const cidr = z.string().refine((text) => ipaddr.isValidCIDR(text), 'is not an address range such as 10.0.0.0/8')
const addressOrRange = z
  .string()
  .refine(
    (text) => ipaddr.isValidCIDR(text) || ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text),
    'is not an address such as 203.0.113.7 or an address range such as 203.0.113.0/28',
  )
const list = <T>(item: z.ZodType<T, string>) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item))

const secretKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=$/, 'is not id:base64 of 32 bytes (openssl rand -base64 32)')

const mailbox = z.string().refine((text) => {
  const [, address = text] = /^[^<>\r\n]*<([^<>]*)>$/.exec(text) ?? []
  return z.email().safeParse(address).success
}, 'is not a mail address such as hub@shop.example or Hearback <hub@shop.example>')

const databaseUrl = z.string().superRefine((text, context) => {
  const message = refuseAddress(text)
  if (message) context.addIssue({ code: 'custom', message })
})

/** An origin as browsers write it: without a slash at its end, without a default port. */
const origin = z
  .url({ protocol: /^https?$/, error: 'is not an http(s):// address' })
  .transform((text) => new URL(text))
  .refine(
    ({ pathname, search, hash, username, password }) => pathname === '/' && search + hash + username + password === '',
    'is more than an origin such as https://hub.example: leave out what follows or precedes the host',
  )
  .transform((url) => url.origin)

const variables = z.object({
  DATABASE_URL: databaseUrl,
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  HEARBACK_URL: origin,
  HEARBACK_ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  HEARBACK_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  HEARBACK_SECRET_KEYS: list(secretKey).refine((keys) => keys.length > 0, 'names no key (id:base64 of 32 bytes)'),
  HEARBACK_SESSION_SECRET: z.string().min(32, 'is shorter than 32 characters'),
  HEARBACK_ALLOW_PRIVATE_TARGETS: list(cidr),
  HEARBACK_ALLOW_HTTP: z.enum(['never', 'format', 'always']).default('format'),
  HEARBACK_ALLOW_PORTS: list(port),
  HEARBACK_EGRESS_IPS: list(addressOrRange),
  HEARBACK_TRUSTED_PROXIES: list(cidr),
  HEARBACK_DELIVERY_CONCURRENCY: z.coerce.number().int().min(1).max(5000).default(200),
  HEARBACK_RETENTION_DAYS: z.coerce.number().int().min(10).max(3650).default(30),
  CRON_SECRET: z.string().min(16, 'is shorter than 16 characters').optional(),
  HEARBACK_CRON_BUDGET_S: z.coerce.number().int().min(1).max(3600).default(50),
  HEARBACK_OPERATOR_KEY: z
    .string()
    .regex(/^\S{32,}$/, 'is shorter than 32 characters, or has a space')
    .optional(),
  HEARBACK_PUBLIC_REFERENCE: z.enum(['true', 'false']).default('false'),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'is not an smtp:// or smtps:// address' }).optional(),
  MAIL_FROM: mailbox.optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** SMTP_URL and MAIL_FROM are set together or not at all. */
const schema = variables
  .refine(({ SMTP_URL, MAIL_FROM }) => !SMTP_URL || MAIL_FROM, {
    path: ['SMTP_URL'],
    error: 'needs MAIL_FROM as well: the sender of mail',
  })
  .refine(({ SMTP_URL, MAIL_FROM }) => !MAIL_FROM || SMTP_URL, {
    path: ['MAIL_FROM'],
    error: 'needs SMTP_URL as well: the server that sends mail',
  })

export type Env = z.infer<typeof schema>

/** An error in the configuration. Its message names every bad variable and is printed as it is. */
export class ConfigurationError extends Error {}

/**
 * Parses the configuration. An empty value counts as unset. Throws ConfigurationError that names every bad variable.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const result = schema.safeParse(given, { error: faultWords })
  if (result.success) return result.data
  const lines = result.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    return `${name} ${name in given ? message : 'is not set'}`
  })
  throw new ConfigurationError([...new Set(lines)].join('; '))
}

let parsed: Env | undefined

/** The configuration of this process. Throws ConfigurationError on first use. */
export function env(): Env {
  parsed ??= parseEnv(process.env)
  return parsed
}
