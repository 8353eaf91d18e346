import { Card } from '@/components/ui/card'
import type { Method } from '@/lib/api/operation'
import type { IndexedOperation, OperationGroup } from '@/lib/api/operation-index'

const methodColours: Record<Method, string> = {
  get: 'text-info',
  post: 'text-success',
  put: 'text-warning',
  patch: 'text-warning',
  delete: 'text-danger',
}

const scopeWords: Record<IndexedOperation['scope'], string> = {
  public: 'no key',
  ingest: 'ingest',
  read: 'read',
  manage: 'manage',
  operator: 'operator’s key',
}

/** The operations of one group. Each opens its place in the reference. */
export function OperationList({ tag, description, operations }: OperationGroup) {
  return (
    <Card title={tag} description={description} flush>
      <ul className="divide-y divide-border">
        {operations.map(({ id, method, path, summary, scope, place }) => (
          <li key={id}>
            <a
              href={`#${place}`}
              className="grid grid-cols-[4.5rem_minmax(0,1fr)] items-baseline gap-x-3 gap-y-0.5 px-4 py-2.5 hover:bg-sunken sm:grid-cols-[4.5rem_minmax(0,1fr)_auto]"
            >
              <code className={`font-medium text-xs uppercase ${methodColours[method]}`}>{method}</code>
              <span className="min-w-0">
                <span className="font-medium">{summary}</span>{' '}
                <code className="text-muted text-xs [overflow-wrap:anywhere]">{path}</code>
              </span>
              <span className="col-start-2 text-muted text-xs sm:col-start-3">{scopeWords[scope]}</span>
            </a>
          </li>
        ))}
      </ul>
    </Card>
  )
}
