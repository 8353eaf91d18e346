import type { SourceKind } from '../events/event-types'

/**
 * What an event says of its source, with what it leaves out: an event without a source comes from the source `default`,
 * called "Default"; another source without a name is called by its key; a source without a kind is a web survey.
 */
export function withSourceDefaults({
  key = 'default',
  name = key === 'default' ? 'Default' : key,
  kind = 'web_survey',
}: {
  key?: string
  name?: string
  kind?: SourceKind
} = {}): { key: string; name: string; kind: SourceKind } {
  return { key, name, kind }
}
