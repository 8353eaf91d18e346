import { showId } from '../type-id'

/** How the audit log names a webhook. */
export const auditSubject = (webhookId: string): string => `webhook ${showId('webhook', webhookId)}`
