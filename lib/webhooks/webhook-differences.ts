import { isAuthorization } from './header-schema'
import { onlyIfClause } from './only-if-words'

import type { Difference } from './save-result'
import type { WebhookContent } from './webhook-content'
import { authenticationNames, successWords, whenWords, whereWords } from './words'

// The differences between versions of a webhook, in words and without secrets. Pure.

const ownHeaderOf = ({ headers }: WebhookContent) => headers.find(({ name }) => isAuthorization(name))
const customHeadersOf = ({ headers }: WebhookContent) => headers.filter(({ name }) => !isAuthorization(name))

type Part = { label: string; words: (content: WebhookContent) => string; key?: (content: WebhookContent) => string }

const parts = {
  name: { label: 'Rule name', words: ({ name }) => name },
  url: { label: 'WebHook URL', words: ({ url }) => url },
  when: { label: 'When', words: ({ rule }) => whenWords(rule.events) },
  where: { label: 'Where', words: ({ rule }) => whereWords(rule.condition) },
  onlyIf: {
    label: 'And only if',
    words: ({ onlyIf }) => onlyIf.map(onlyIfClause).join(', ') || 'nothing further',
    key: ({ onlyIf }) => JSON.stringify(onlyIf),
  },
  authentication: {
    label: 'Authentication',
    words: ({ authentication, basicUser }) =>
      authentication === 'basic' ? `Basic, user ${basicUser}` : authenticationNames[authentication],
  },
  password: {
    label: 'Basic password',
    words: ({ basicPassword }) => (basicPassword ? 'set (not shown)' : 'none'),
    key: ({ basicPassword }) => basicPassword?.reveal() ?? '',
  },
  ownHeader: {
    label: 'Own header',
    words: (content) => (ownHeaderOf(content) ? 'set (not shown)' : 'none'),
    key: (content) => ownHeaderOf(content)?.value.reveal() ?? '',
  },
  headers: {
    label: 'Custom headers',
    words: (content) =>
      customHeadersOf(content)
        .map(({ name }) => `${name} (value not shown)`)
        .join(', ') || 'none',
    key: (content) => JSON.stringify(customHeadersOf(content).map(({ name, value }) => [name, value.reveal()])),
  },
  retries: { label: 'Retries', words: ({ retries }) => String(retries) },
  rate: {
    label: 'Rate limit',
    words: ({ ratePerMinute }) => (ratePerMinute === null ? 'none' : `${ratePerMinute} a minute`),
  },
  timeout: { label: 'Timeout', words: ({ timeoutSeconds }) => `${timeoutSeconds} s` },
  success: { label: 'Success', words: ({ success }) => successWords[success] },
} satisfies Record<string, Part>

export type ContentPart = keyof typeof parts
const all = Object.entries(parts) as [ContentPart, Part][]

const same = ({ words, key = words }: Part, one: WebhookContent, other: WebhookContent) => key(one) === key(other)

/** The names of the parts that differ, for the audit log. */
export const changedParts = (one: WebhookContent, other: WebhookContent): ContentPart[] =>
  all.filter(([, part]) => !same(part, one, other)).map(([name]) => name)

/** The changes that somebody else made since `opened` and that saving `yours` would undo. */
export const conflicts = (opened: WebhookContent, theirs: WebhookContent, yours: WebhookContent): Difference[] =>
  all
    .filter(([, part]) => !same(part, opened, theirs) && !same(part, theirs, yours))
    .map(([, { label, words }]) => ({
      label,
      before: words(opened),
      theirs: words(theirs),
      yours: words(yours),
    }))
