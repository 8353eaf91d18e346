import type { OnlyIf } from './only-if-schema'

// "And only if" in words, as the list, the form and decisions show it. Pure.

/** "the tag is web/shop": what must hold. */
export function onlyIfClause(condition: OnlyIf): string {
  switch (condition.kind) {
    case 'comment':
      return 'there is a comment'
    case 'tag':
      return `a tag is ${condition.values.join('/')}`
    case 'country':
      return `the country is ${condition.values.join('/')}`
    case 'language':
      return `the language is ${condition.values.join('/')}`
    case 'answer':
      return `the answer to “${condition.question}” is ${condition.values.join('/')}`
    case 'property':
      return `the property ${condition.name} is ${condition.value}`
  }
}

/** "only if there is a comment and the country is GB/IE"; '' without conditions. */
export function onlyIfWords(conditions: readonly OnlyIf[]): string {
  const clauses = conditions.map(onlyIfClause)
  if (clauses.length === 0) return ''
  const last = clauses.at(-1)
  return `only if ${clauses.length === 1 ? last : `${clauses.slice(0, -1).join(', ')} and ${last}`}`
}
