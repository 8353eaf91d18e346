import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'

const warning = {
  tone: 'warning',
  icon: TriangleAlert,
  line: 'border-warning-border bg-warning-fill',
  text: 'text-warning',
} as const

/** The tone, icon and colours of each kind of notice. */
export const noticeLooks = {
  failing: warning,
  exhausted: warning,
  held: warning,
  'turning-off': warning,
  'turned-off': {
    tone: 'danger',
    icon: CircleAlert,
    line: 'border-danger-border bg-danger-fill',
    text: 'text-danger',
  },
  'own-header-unused': {
    tone: 'info',
    icon: Info,
    line: 'border-info-border bg-info-fill',
    text: 'text-info',
  },
  well: {
    tone: 'success',
    icon: CircleCheck,
    line: 'border-success-border bg-success-fill',
    text: 'text-success',
  },
} as const
