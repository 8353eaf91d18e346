import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { sampleBody, sampleRecord } from '../lib/catalogue/sample-calls'
import { type ConditionKind, contentTypes, type Encoding, type Format } from '../lib/formats/format'
import { formats } from '../lib/formats/formats'
import { Secret } from '../lib/secrets/secret'
import { formatNotes } from './formats-notes'

// Writes docs/formats.md from the modules in lib/formats: what each offers, and an example call.
//   npm run docs

const target = path.resolve(import.meta.dirname, '../docs/formats.md')

const intro = `# Formats

<!-- Written by \`npm run docs\` from lib/formats; change it there and in scripts/formats-notes.ts. -->

A format is the shape, the headers and the signature of what is sent. It is chosen when a WebHook is registered and can't be
changed later. Each format is one module in \`lib/formats\`. A body contains nothing that differs between WebHooks, so all
WebHooks of a format share it.

Every call also has these headers:

| header | value |
|---|---|
| \`webhook-id\` | the delivery's id, the same on every retry |
| \`hearback-attempt\` | 1 for the first call of a delivery, then 2, 3, … |
| \`hearback-feedback-version\` | the feedback's version; a larger one is newer. No order is promised between different feedback |
| \`hearback-test\` | \`true\` on a test fire, otherwise absent |
| \`hearback-replay\` | \`true\` on every call of a delivery that a person sent again or recovered, otherwise absent |
| \`user-agent\` | \`Hearback/<version>\` |
| \`authorization\` | \`hmac <pre-shared key>\` if the account has one (the key in force when the event was triggered). A WebHook may send \`Basic …\` or a value of its own in its place, or none |

The examples are exact: with the secret given beside one, your code must compute the same signature. Integer ids are assigned
once for each feedback, event, source and customer, and never change.`

const conditionNames: Record<ConditionKind, string> = {
  any: 'regardless of rating',
  service: 'service rating',
  product: 'product rating',
  nps: 'NPS score',
  thermometer: 'thermometer',
}

const rotations = {
  several: 'calls have both signatures until the old secret ends',
  one: 'calls are signed with the old secret until the switch time, then with the new one',
}

/** The whole document. */
export const formatsDocument = (): string => `${[intro, ...Object.values(formats).map(section)].join('\n\n')}\n`

function section(format: Format): string {
  const { key, label, summary, encodings } = format
  return [
    `## \`${key}\`: ${label}`,
    summary,
    facts(format),
    formatNotes[key],
    ...encodings.map((encoding) => exampleCall(format, encoding)),
  ].join('\n\n')
}

function facts({ offers, eventsFixed, conditions, secret, signatures, plainHttp, retries }: Format): string {
  const events = offers.map(({ type, ticked }) => `\`${type}\`${ticked && !eventsFixed ? ' ✓' : ''}`).join(', ')
  const rows = [
    ['events (✓ ticked at first)', eventsFixed ? `${events}; the thermometer table takes their place` : events],
    ['conditions', conditions.map((kind) => conditionNames[kind]).join(', ')],
    ['signing secret', secret ? `${secret.hint}, or your receiver's own` : 'none'],
    ...(secret ? [['during a rotation', rotations[signatures]]] : []),
    ['URL', plainHttp ? '`https://`, or `http://` with a warning, unless the operator forbids it' : '`https://`'],
    ['retries', `${retries} unless set otherwise`],
  ]
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}

/** Made of the bytes 0 to 31, so that a reader sees that it is not a real secret. */
const exampleSecret = (format: Format) => format.secret?.generate(Uint8Array.from({ length: 32 }, (_, i) => i))

function exampleCall(format: Format, encoding: Encoding): string {
  const body = sampleBody(format, 'feedback.created', encoding)
  const at = Date.parse(sampleRecord('feedback.created').triggeredAt)
  const secret = exampleSecret(format)
  const call = { deliveryId: 'dlv_01kafkrbbgfhq9mgazdjs5nzra', timestamp: at / 1000 + 1 }
  const signature = secret === undefined ? null : format.sign({ ...call, body, secrets: [new Secret(secret)] })
  const own = format.headers({ ...call, triggeredAtMs: at, signature })
  const lines = ['content-type', contentTypes[encoding], 'webhook-id', call.deliveryId, ...own]
  const headers = lines.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${lines[i + 1]}`] : []))
  const keyed = secret === undefined ? '' : `, signed with \`${secret}\``
  const title = `An example call${format.encodings.length > 1 ? ` in the encoding \`${encoding}\`` : ''}${keyed}:`
  return `${title}\n\n\`\`\`http\n${headers.join('\n')}\n\n${body}\n\`\`\``
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) fs.writeFileSync(target, formatsDocument())
