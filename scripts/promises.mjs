// @ts-check
import { readFileSync } from 'node:fs'
import path from 'node:path'

// docs/delivery.md, docs/security.md and docs/scaling.md name a test beside each promise: `file › title`.

/** @typedef {import('./test-results.mjs').TestResult} TestResult */
/** @typedef {{ document: string, file: string, title: string }} Promised */

const DOCUMENTS = ['docs/delivery.md', 'docs/security.md', 'docs/scaling.md']

/** Every test that the documents name; `file` is its base name without .test.ts, and with .spec for a browser test. */
export const readPromises = (documents = DOCUMENTS) =>
  documents.flatMap((name) => namedIn(name, readFileSync(name, 'utf8')))

/** @param {string} document @param {string} text @returns {Promised[]} */
export const namedIn = (document, text) =>
  [...text.replaceAll(/\s+/g, ' ').matchAll(/`([\w.-]+) › ([^`]+)`/g)].map(([, file = '', title = '']) => ({
    document,
    file,
    title,
  }))

/** @param {string} file */
export const nameOf = (file) => path.basename(file).replace(/(\.test)?\.tsx?$/, '')

/**
 * The promises that no test of this run keeps, one line each. Every test whose title contains the named words must have
 * passed. With test.each, several titles can. @param {readonly Promised[]} promises @param {readonly TestResult[]} results
 */
export function brokenPromises(promises, results) {
  return promises.flatMap(({ document, file, title }) => {
    const words = pattern(title)
    const states = results.flatMap((result) =>
      nameOf(result.file) === file && words.test(result.title) ? result.state : [],
    )
    if (states.length > 0 && states.every((state) => state === 'passed')) return []
    const why = states.includes('failed') ? 'failed' : states.includes('skipped') ? 'was skipped' : 'was not run'
    return [`${document} names \`${file} › ${title}\`, which ${why}`]
  })
}

/** The values that test.each fills in match any text. @param {string} title */
function pattern(title) {
  const parts = title.split(/%[a-zA-Z#$]|\$\{?[\w.]+\}?/)
  return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))
}
