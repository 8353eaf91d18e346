import type { FormatKey } from '../formats/format'
import { secretHeaders } from './curl'
import type { ShownHeader } from './shown-request'

// A past call as one Node file that a developer runs against a receiver on their own machine. It sends the exact body and
// signs it anew, because receivers refuse an old timestamp. Pure; the browser makes it too.

export type Replayed = {
  format: FormatKey
  /** The call's TypeID. */
  callId: string
  /** Path and query of the URL; a person who may not see them gets "/". */
  path: string
  headers: readonly ShownHeader[]
  body: string
}

/** What the script sets itself, or leaves to node. */
const setAnew =
  /^(host|connection|content-length|authorization|date|x-ct-hmac-sha256|x-wootric-signature|x-rateup-signature|webhook-(timestamp|signature))$/

/** How each format signs. The code sees `secret`, `headers` and `body`. */
const signing: Record<FormatKey, string | undefined> = {
  feefo: undefined,
  'customer-thermometer': `headers.date = new Date().toUTCString()
headers['x-ct-hmac-sha256'] = createHmac('sha256', secret).update(\`Date: \${headers.date}\\n\${body}\`).digest('base64')`,
  wootric: `headers['x-wootric-signature'] = \`sha1=\${createHmac('sha1', secret).update(body).digest('hex')}\``,
  reviews: standardWebhooks(),
  rateup: `headers['x-rateup-signature'] = createHmac('sha256', secret).update(body).digest('base64')`,
  standard: standardWebhooks(),
}

const send = `
const call = request(address, { method: 'POST', headers }, async (answer) => {
  console.log(answer.statusCode, answer.statusMessage)
  for await (const chunk of answer) process.stdout.write(chunk)
})
call.on('error', (error) => console.error(\`\${address} could not be called: \${error.message}\`))
call.end(body)
`

/** The script: it takes the address of the receiver, and its secrets from the environment. */
export function replayScript({ format, callId, path, headers, body }: Replayed): string {
  const sign = signing[format]
  const authorized = headers.some(({ name }) => name.toLowerCase() === 'authorization')
  const kept = headers.filter(({ name, masked }) => !masked && !setAnew.test(name))
  const leftOut = secretHeaders(headers)
  const environment = [
    sign && "HEARBACK_SECRET='the signing secret'",
    authorized && "HEARBACK_AUTHORIZATION='the whole value of Authorization'",
  ].filter(Boolean)
  const lines = [
    `// Sends WebHook call ${callId} to a receiver on your machine: the same body${sign ? ', signed anew' : ''}.`,
    '// Node 18 or later, with nothing to install:',
    `//   ${[...environment, 'node replay.mjs', `http://localhost:3000${path}`].join(' ')}`,
    leftOut.length > 0 && `// Left out, because only the WebHook has the value: ${leftOut.join(', ')}`,
    sign && "import { createHmac } from 'node:crypto'",
    "import { request } from 'node:http'",
    '',
    `const address = process.argv[2] ?? ${JSON.stringify(`http://localhost:3000${path}`)}`,
    `const body = ${JSON.stringify(body)}`,
    `const headers = ${JSON.stringify(Object.fromEntries(kept.map(({ name, value }) => [name, value])), null, 2)}`,
    authorized && read('authorization', 'HEARBACK_AUTHORIZATION'),
    sign && read('secret', 'HEARBACK_SECRET'),
    authorized && 'headers.authorization = authorization',
    sign,
    send,
  ]
  return lines.filter((line) => typeof line === 'string').join('\n')
}

const read = (name: string, variable: string) => `const ${name} = process.env.${variable}
if (!${name}) throw new Error('${variable} is not set')`

function standardWebhooks(): string {
  return `const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
const timestamp = String(Math.floor(Date.now() / 1000))
headers['webhook-timestamp'] = timestamp
headers['webhook-signature'] =
  \`v1,\${createHmac('sha256', key).update(\`\${headers['webhook-id']}.\${timestamp}.\${body}\`).digest('base64')}\``
}
