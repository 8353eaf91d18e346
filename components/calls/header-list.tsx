import type { ShownHeader } from '@/lib/calls/shown-request'

/** Headers as two columns, in the order they were sent. */
export const HeaderList = ({ headers }: { headers: ShownHeader[] }) => (
  <dl className="divide-y divide-border font-mono text-sm">
    {headers.map(({ name, value, masked }, index) => (
      <div
        // biome-ignore lint/suspicious/noArrayIndexKey: a header name may repeat, and the order never changes
        key={index}
        className="grid gap-x-4 px-4 py-1.5 md:grid-cols-[15rem_minmax(0,1fr)]"
      >
        <dt className="text-muted [overflow-wrap:anywhere]">{name}</dt>
        <dd className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {value}
          {masked && <span className="sr-only"> (hidden)</span>}
        </dd>
      </div>
    ))}
  </dl>
)
