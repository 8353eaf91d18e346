#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { listenCommand } from './cli/listen-command.ts'
import { mcpCommand } from './cli/mcp-command.ts'
import { resendCommand } from './cli/resend-command.ts'
import { sendCommand } from './cli/send-command.ts'
import { type Command, UsageError } from './cli/settings.ts'
import { verifyCommand } from './cli/verify-command.ts'
import { HubError } from './hub.ts'

// hearback send | resend | verify | listen | mcp. Exits with 0 when it was done, 1 when it was not, 2 when the command was
// not understood.

const commands: Record<string, Command> = {
  send: sendCommand,
  resend: resendCommand,
  verify: verifyCommand,
  listen: listenCommand,
  mcp: mcpCommand,
}

const usage = `Usage: hearback <command> [options]

${Object.values(commands)
  .map(({ usage, does }) => `  ${usage}\n      ${does}`)
  .join('\n')}

--url is the hub's address (or HEARBACK_URL), --api-key a key of the account (or HEARBACK_API_KEY).`

async function main([name = '', ...rest]: string[]): Promise<number> {
  const command = commands[name]
  if (!command) {
    const asked = ['help', '--help', '-h'].includes(name)
    ;(asked ? console.log : console.error)(usage)
    return asked ? 0 : 2
  }
  const { values, positionals } = parseArgs({
    args: rest,
    options: { url: { type: 'string' }, 'api-key': { type: 'string' }, ...command.options },
    allowPositionals: true,
  })
  return command.run(values, positionals)
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: Error & { code?: string; cause?: { code?: string } }) => {
    const misused = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS')
    const detail = error instanceof HubError ? ` (${error.status})` : error.cause?.code ? ` (${error.cause.code})` : ''
    console.error(`${error.message}${detail}`)
    process.exitCode = misused ? 2 : 1
  },
)
