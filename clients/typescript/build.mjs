// @ts-check
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

// npm run build: compiles src/ into dist/. The MCP server is bundled with the SDK of the protocol, so that the package needs
// no other one; dist/mcp.LICENSES.txt has the licences of what is in it.

const here = import.meta.dirname
const at = (/** @type {string} */ name) => path.join(here, name)

fs.rmSync(at('dist'), { recursive: true, force: true })
execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', here], { stdio: 'inherit' })
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ['src/mcp.ts'],
  outfile: 'dist/mcp.js',
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifyWhitespace: true,
  metafile: true,
  banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url)" },
})
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
)
const licences = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(fs.readFileSync(at(`${folder}/package.json`), 'utf8'))
  const file = fs.readdirSync(at(folder)).find((file) => /^licen[cs]e/i.test(file))
  const text = file ? fs.readFileSync(at(`${folder}/${file}`), 'utf8') : license
  return `${name} ${version} (${license})\n\n${text.trim()}\n`
})
fs.writeFileSync(at('dist/mcp.LICENSES.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`))
fs.copyFileSync(at('../../LICENSE'), at('LICENSE'))
fs.chmodSync(at('dist/cli.js'), 0o755)
