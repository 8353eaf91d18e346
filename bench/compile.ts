import path from 'node:path'
import { build } from 'esbuild'

// The processes of a benchmark run as the product does: compiled once, not translated at their start. The translation
// keeps the name of each inner function by a call of its own, which costs a delivery half as much again.

/** Not below bench/, where a package of a peer would stand in for the product's. */
const folder = path.resolve('dist/bench')
const entries = ['hub.ts', 'load.ts', 'receiver.ts', 'bare-batch.ts', 'subjects/subject-process.ts']
let compiled: Promise<unknown> | undefined

/** Compiles all processes, once a run, and returns the path of one. `file`: relative to bench/. */
export async function compile(file: string): Promise<string> {
  compiled ??= build({
    entryPoints: entries.map((entry) => path.join(import.meta.dirname, entry)),
    outdir: folder,
    outbase: import.meta.dirname,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    // Peers are installed only when they are measured.
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    alias: { '@': path.resolve('.') },
    logLevel: 'warning',
  })
  await compiled
  return path.join(folder, file.replace(/\.ts$/, '.mjs'))
}
