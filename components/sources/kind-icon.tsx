import { ClipboardList, Mail, MessageCircle, Star, Tag } from 'lucide-react'
import type { SourceKind } from '@/lib/events/event-types'
import { kindWords } from '@/lib/sources/source-words'
import { classNames } from '../ui/class-names'

// A yellow envelope for email and a blue tag for embedded, as in Customer Thermometer’s “Webhooks”. Others match them.
const icons = {
  email: { icon: Mail, className: 'text-warning' },
  embedded: { icon: Tag, className: 'text-info' },
  web_survey: { icon: ClipboardList, className: 'text-accent-text' },
  whatsapp_flow: { icon: MessageCircle, className: 'text-success' },
  review_page: { icon: Star, className: 'text-muted' },
}

type Props = { kind: SourceKind /** The kind stands beside it in words. */; decorative?: boolean }

/** The kind of a source as an icon with an accessible name. */
export function KindIcon({ kind, decorative = false }: Props) {
  const { icon: Icon, className } = icons[kind]
  const named = decorative ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': kindWords[kind] }
  return <Icon {...named} className={classNames('size-4 shrink-0', className)} />
}
