import type { core } from 'zod'

// The hub's own words for what is wrong with a value, in place of zod's.

const nouns: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  nan: 'a number',
}

const formats: Record<string, string> = {
  email: 'an e-mail address',
  url: 'a URL',
  uuid: 'an id',
  datetime: 'a time such as 2026-11-20T10:12:30Z',
  date: 'a day such as 2026-11-20',
}

type Issue = Parameters<core.$ZodErrorMap>[0]

/**
 * What is wrong, for messages that name the field before it: "is missing", "is not a number". Pass it as the `error` of a
 * parse whose faults are shown after their paths.
 */
export function faultWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `is not ${nouns[issue.expected] ?? 'of the right kind'}`
    case 'invalid_value':
      return `is not ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'too_small':
      return sizeWords(issue.origin, Number(issue.minimum), 'fewer', 'below')
    case 'too_big':
      return sizeWords(issue.origin, Number(issue.maximum), 'more', 'above')
    case 'invalid_format':
      return `is not ${formats[issue.format] ?? 'written as it has to be'}`
    case 'not_multiple_of':
      return `is not a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `has the unknown field ${issue.keys[0]}`
    case 'invalid_key':
      return 'has a field whose name is not allowed'
    default:
      return 'is not what is asked for here'
  }
}

function sizeWords(origin: string, bound: number, compared: 'fewer' | 'more', beyond: 'below' | 'above'): string {
  const units = origin === 'string' ? 'characters' : origin === 'array' || origin === 'set' ? 'entries' : undefined
  if (!units) return `is ${beyond} ${bound.toLocaleString('en')}`
  if (compared === 'fewer' && bound === 1) return 'is empty'
  return `has ${compared} than ${bound.toLocaleString('en')} ${units}`
}
