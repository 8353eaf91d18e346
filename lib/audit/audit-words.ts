/** What the audit log can be narrowed to, by the beginning of actions. A test compares them with what is recorded. */
export const auditSubjects = {
  account: 'Account',
  'api-key': 'API keys',
  call: 'Calls',
  delivery: 'Deliveries',
  erasure: 'Erasures',
  event: 'Events',
  invitation: 'Invitations',
  member: 'Members',
  'pre-shared-key': 'Pre-shared key',
  recovery: 'Recovery',
  source: 'Sources',
  user: 'Sign-in of people',
  webhook: 'WebHooks',
} as const

/** An action in words: "webhook.secret-revealed" is "WebHook: secret revealed". */
export function actionWords(action: string): string {
  const [subject = '', verb = ''] = action.split('.', 2)
  const name = { webhook: 'WebHook', 'api-key': 'API key', user: 'Sign-in', 'pre-shared-key': 'Pre-shared key' }[
    subject
  ]
  const shown = name ?? `${subject.charAt(0).toUpperCase()}${subject.slice(1).replaceAll('-', ' ')}`
  return `${shown}: ${verb.replaceAll('-', ' ')}`
}

/** What changed, as lines: "role: viewer → admin". Values are what the entry has; it never has a secret. */
export function detailLines(detail: Record<string, unknown>): string[] {
  return Object.entries(detail).map(([name, value]) => {
    const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    return isChange(value) ? `${words}: ${shown(value.from)} → ${shown(value.to)}` : `${words}: ${shown(value)}`
  })
}

const isChange = (value: unknown): value is { from: unknown; to: unknown } =>
  typeof value === 'object' && value !== null && 'from' in value && 'to' in value

const shown = (value: unknown): string => {
  if (value === '' || value === null) return '–'
  return typeof value === 'string' ? value : Array.isArray(value) ? value.map(shown).join(', ') : JSON.stringify(value)
}
