import { contentWords } from '@/lib/events/event-words'
import type { StoredFeedback } from '@/lib/feedback/read-feedback'
import { showId } from '@/lib/type-id'
import { Fact, Facts } from '../ui/facts'
import { Link } from '../ui/link'
import { LocalTime } from '../ui/local-time'

/** A feedback as it stands now. */
export function FeedbackFacts({ feedback }: { feedback: StoredFeedback }) {
  const { id, version, source, content, createdAt, updatedAt, deletedAt } = feedback
  const says = content ? contentWords({ feedback: content }) : ''
  return (
    <Facts>
      {says && <Fact term="What it says now">{says}</Fact>}
      <Fact term="Version">{version}</Fact>
      {source && (
        <Fact term="Source">
          <Link href={`/settings/sources/${showId('source', source.id)}`} className="text-accent-text underline">
            {source.name}
          </Link>
        </Fact>
      )}
      {deletedAt ? (
        <Fact term="Deleted">
          <LocalTime at={deletedAt} show="both" />
        </Fact>
      ) : (
        <>
          <Fact term="Created">
            <LocalTime at={createdAt} show="both" />
          </Fact>
          {updatedAt.getTime() !== createdAt.getTime() && (
            <Fact term="Updated">
              <LocalTime at={updatedAt} show="both" />
            </Fact>
          )}
        </>
      )}
      <Fact term="Id that payloads carry">
        <span className="font-mono text-sm">{showId('feedback', id)}</span>
      </Fact>
    </Facts>
  )
}
