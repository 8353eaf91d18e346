import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

type Input = NodeJS.ReadableStream & { isTTY?: boolean }

/** Reads one line: prompted for and not echoed on a terminal, else the first line of the input. '' when there is none. */
export async function readPassword(input: Input, terminal: NodeJS.WritableStream): Promise<string> {
  if (!input.isTTY) {
    for await (const line of createInterface({ input })) return line
    return ''
  }
  terminal.write('Password (at least 10 characters; not shown while you type): ')
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: true })
  try {
    return await lines.question('')
  } catch (error) {
    // Ctrl-C or Ctrl-D.
    if ((error as Error).name === 'AbortError') return ''
    throw error
  } finally {
    lines.close()
    terminal.write('\n')
  }
}
