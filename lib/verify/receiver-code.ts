import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { FormatKey } from '../formats/format'
import type { Proof } from './verification'

// Code for receivers to copy. The files in snippets/ are whole programs, which the tests run. A page shows the lines that
// its webhook needs. The files are read at the request, so next.config.mjs lists them for hosts that copy only traced files.

export const languages = ['node', 'php', 'ruby', 'python'] as const
export type Language = (typeof languages)[number]

export type CodeFile = {
  /** The file's name at the receiver. Other files import it by this name. */
  name: string
  /** Its path under snippets/. */
  from: string
  proof?: Proof
  /** For this framework it replaces the plain receiver. */
  framework?: 'Rails' | 'Django'
}

/** Formats with the same signature share a file. */
const signatureFiles: Partial<Record<FormatKey, string>> = {
  'customer-thermometer': 'customer-thermometer',
  wootric: 'wootric',
  reviews: 'standard',
  rateup: 'rateup',
  standard: 'standard',
}

type Receiver = {
  label: string
  /** The oldest version it runs on. It needs no packages. */
  needs: string
  /** The command that starts the plain receiver. */
  start: string
  ending: string
  files: Omit<CodeFile, 'proof'>[]
}

const receivers: Record<Language, Receiver> = {
  node: {
    label: 'Node',
    needs: 'Node 18 or later',
    start: 'node receiver.mjs',
    ending: 'mjs',
    files: [{ name: 'receiver.mjs', from: 'node/receiver.mjs' }],
  },
  php: {
    label: 'PHP',
    needs: 'PHP 8 or later',
    start: 'php -S 127.0.0.1:8080 receiver.php',
    ending: 'php',
    files: [{ name: 'receiver.php', from: 'php/receiver.php' }],
  },
  ruby: {
    label: 'Ruby',
    needs: 'Ruby 3 or later',
    start: 'rackup --port 8080',
    ending: 'rb',
    files: [
      { name: 'config.ru', from: 'ruby/config.ru' },
      { name: 'hearback_controller.rb', from: 'ruby/hearback_controller.rb', framework: 'Rails' },
    ],
  },
  python: {
    label: 'Python',
    needs: 'Python 3.9 or later',
    start: 'python3 receiver.py',
    ending: 'py',
    files: [
      { name: 'receiver.py', from: 'python/receiver.py' },
      { name: 'views.py', from: 'python/views.py', framework: 'Django' },
    ],
  },
}

/** The files of a receiver for one format: first those that check a call, then the receivers, the plain one first. */
export function codeFiles(language: Language, format: FormatKey, proofs: readonly Proof[]): CodeFile[] {
  const { ending, files } = receivers[language]
  const from = (name: string) => `${language}/${name}.${ending}`
  const proving = proofs.map(
    (proof): CodeFile =>
      proof === 'signature'
        ? { name: `verify.${ending}`, from: from(signatureFiles[format] as string), proof }
        : { name: `authorized.${ending}`, from: from('authorized'), proof },
  )
  return [...proving, ...files]
}

/** The text of a file, without the lines marked for a proof that this webhook's calls don't have. */
export async function readCode({ from }: CodeFile, proofs: readonly Proof[]): Promise<string> {
  const text = await readFile(path.join(process.cwd(), 'lib/verify/snippets', from), 'utf8')
  return text
    .split('\n')
    .flatMap((line) => {
      const [, kept = line, proof] = /^(.*?) +(?:#|\/\/) only: (\w+)$/.exec(line) ?? []
      return proof === undefined || proofs.includes(proof as Proof) ? [kept] : []
    })
    .join('\n')
}

export type LanguageCode = {
  language: Language
  label: string
  needs: string
  start: string
  files: { name: string; framework?: CodeFile['framework']; code: string }[]
}

/** The receiver code for a format, by language. */
export const readReceiverCode = (format: FormatKey, proofs: readonly Proof[]): Promise<LanguageCode[]> =>
  Promise.all(
    languages.map(async (language) => {
      const { label, needs, start } = receivers[language]
      const files = codeFiles(language, format, proofs).map(async (file) => ({
        name: file.name,
        framework: file.framework,
        code: await readCode(file, proofs),
      }))
      return { language, label, needs, start, files: await Promise.all(files) }
    }),
  )
