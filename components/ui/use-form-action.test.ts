import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

// An action that a form calls in another way can end on an error page, which takes what was typed with it.

const root = path.resolve(import.meta.dirname, '../..')
const files = ['components', 'app']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }))
const named = (found: RegExp) => files.filter(({ text }) => found.test(text)).map(({ name }) => name)

it('every form runs its action through useFormAction', () => {
  const forms = named(/from '[^']*\/ui\/form'/)
  expect(forms.length).toBeGreaterThan(8)
  expect(named(/\buseFormAction\(/)).toEqual(expect.arrayContaining(forms))
  expect(named(/\.handleSubmit\(/)).toEqual(['components/ui/use-form-action.ts'])
  // The export is a file that the browser saves: it has no action.
  expect(named(/<form\b/)).toEqual(['components/find/export-buttons.tsx', 'components/ui/form.tsx'])
  expect(named(/\buseActionState\b/)).toEqual([])
})
