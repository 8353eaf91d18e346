import type { OnlyIf } from '@/lib/webhooks/only-if-schema'
import { onlyIfWords } from '@/lib/webhooks/only-if-words'
import type { Condition } from '@/lib/webhooks/webhook-schema'
import { whereWords } from '@/lib/webhooks/words'
import { BreakableWords } from './breakable-words'

type Props = { condition: Condition; onlyIf: readonly OnlyIf[] }

/** The column Where: the ratings, and below them "Only if …". */
export const WhereWords = ({ condition, onlyIf }: Props) => (
  <>
    {(condition.kind !== 'any' || onlyIf.length === 0) && <BreakableWords text={whereWords(condition)} />}
    {onlyIf.length > 0 && (
      <span className="block [overflow-wrap:anywhere] cards:inline">
        <BreakableWords text={onlyIfWords(onlyIf).replace('only', 'Only')} />
      </span>
    )}
  </>
)
