import { type Command, hubOf } from './settings.ts'

export const mcpCommand: Command = {
  usage: 'hearback mcp [--allow-changes]',
  does: 'serves the Model Context Protocol on standard input and output; read-only unless allowed',
  options: { 'allow-changes': { type: 'boolean' } },
  async run(values) {
    // Loaded here alone: it brings the protocol's SDK with it.
    const { serveMcp } = await import('../mcp.ts')
    await serveMcp(hubOf(values), { allowChanges: values['allow-changes'] === true })
    return 0
  },
}
