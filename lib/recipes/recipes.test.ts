import { expect, test } from 'vitest'
import { startReceiverProgram } from '@/e2e/fixtures/receivers/receiver-program'
import { recipes } from './recipes'
import { recipesDocument } from './recipes-document'

test('docs/recipes.md has the text of the page; `npm run unit -- recipes -u` writes it', async () => {
  await expect(recipesDocument()).toMatchFileSnapshot('../../docs/recipes.md')
})

test('every backtick has its partner, and no table cell ends early', () => {
  for (const { steps, code: _, ...texts } of recipes)
    for (const text of [...steps, ...Object.values(texts)]) {
      expect(text.split('`').length % 2, text).toBe(1)
      expect(text).not.toMatch(/[|\n]/)
    }
})

test('the receiver of “See the raw request” prints headers and body, and answers 200', async () => {
  const { code } = recipes.find(({ key }) => key === 'raw') as (typeof recipes)[0]
  const shell = (code?.text ?? '').replace('listen(8080,', 'listen(process.env.PORT,')
  const receiver = await startReceiverProgram({ files: {}, command: ['sh', '-c', `exec ${shell}`], environment: {} })
  try {
    const body = Buffer.from('{"type":"feedback.created"}')
    expect(await receiver.post({ headers: { 'webhook-id': 'dlv_1' }, body })).toBe(200)
    await expect.poll(() => receiver.output()).toContain(body.toString())
    expect(receiver.output()).toContain("'webhook-id'")
  } finally {
    await receiver.stop()
  }
})
