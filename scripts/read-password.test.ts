import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readPassword } from './read-password'

const read = (isTTY: boolean, typed: string[]) => {
  const input = Object.assign(new PassThrough(), { isTTY })
  const terminal = new PassThrough()
  const password = readPassword(input, terminal)
  for (const text of typed) input.write(text)
  if (!isTTY) input.end()
  return password.then((text) => ({ text, shown: String(terminal.read() ?? '') }))
}

describe('a password', () => {
  it('is the first line of the input, and nothing is printed', async () => {
    expect(await read(false, ['three small words\n', 'more\n'])).toEqual({ text: 'three small words', shown: '' })
    expect(await read(false, ['no line end'])).toEqual({ text: 'no line end', shown: '' })
    expect(await read(false, [])).toEqual({ text: '', shown: '' })
  })

  it('is asked for on a terminal and not echoed', async () => {
    const { text, shown } = await read(true, ['three sm', 'all words', '\r'])
    expect(text).toBe('three small words')
    expect(shown).toMatch(/^Password .*: \n$/)
    expect(shown).not.toMatch(/three|small|words/)
  })

  it.each(['\u0003', '\u0004'])('is empty when the person presses %j', async (key) => {
    expect((await read(true, [key])).text).toBe('')
  })
})
