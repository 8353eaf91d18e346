/** The seven event types. docs/formats.md lists which of them each format offers. */
export const eventTypes = [
  'feedback.created',
  'feedback.updated',
  'feedback.deleted',
  'survey.declined',
  'message.created',
  'message.updated',
  'message.deleted',
] as const
export type EventType = (typeof eventTypes)[number]

export const sourceKinds = ['email', 'embedded', 'web_survey', 'whatsapp_flow', 'review_page'] as const
export type SourceKind = (typeof sourceKinds)[number]
