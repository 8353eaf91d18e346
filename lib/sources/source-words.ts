import type { VendorIds } from '../events/event-record'
import type { SourceKind } from '../events/event-types'

// Sources in words, for screens and errors. Pure.

export const kindWords: Record<SourceKind, string> = {
  email: 'Email',
  embedded: 'Embedded',
  web_survey: 'Web survey',
  whatsapp_flow: 'WhatsApp flow',
  review_page: 'Review page',
}

/** Why a source can't be added to a WebHook yet. */
export const testFirst =
  'Test fire this WebHook first: sources can be added once its URL has answered 2xx with this format, these credentials and this secret.'

/** Every source that the WebHook is linked to is archived. */
export const allArchived = 'Every chosen source is archived, so this WebHook matches nothing until one of them is back.'

/** "All", "3 sources: Ticket closed, Web shop, App". */
export function linkWords(names: readonly string[] | null): string {
  if (!names) return 'All'
  const shown = names.slice(0, 5).join(', ')
  const rest = names.length > 5 ? ` and ${names.length - 5} more` : ''
  return `${countWords(names.length)}: ${shown}${rest}`
}

export const countWords = (count: number): string =>
  count === 1 ? '1 source' : `${count.toLocaleString('en')} sources`

/** "Thermometer 412, Wootric survey 9", or '' when none was entered. */
export const vendorIdWords = ({ thermometerId, wootricSurveyId, rateupSurveyId }: VendorIds): string =>
  [
    thermometerId !== undefined && `Thermometer ${thermometerId}`,
    wootricSurveyId !== undefined && `Wootric survey ${wootricSurveyId}`,
    rateupSurveyId !== undefined && `Rateup survey ${rateupSurveyId}`,
  ]
    .filter(Boolean)
    .join(', ')
