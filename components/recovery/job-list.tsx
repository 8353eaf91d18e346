'use client'

import type { ShownJob } from '@/lib/recovery/recovery-jobs'
import { useLiveCalls } from '../calls/use-live-calls'
import { Card } from '../ui/card'
import { type ChangeJob, JobLine } from './job-line'

type Props = {
  first: ShownJob[]
  /** Where the jobs are polled. */
  address: string
  /** Whether a line names its WebHook. */
  named: boolean
  /** Undefined for a viewer. */
  change: ChangeJob | undefined
}

/** The latest recoveries with their progress, live. */
export function JobList({ first, address, named, change }: Props) {
  const { seen: jobs } = useLiveCalls(first, address)
  return (
    <Card title="Recoveries" description="The latest 20, newest first." flush>
      {jobs.length === 0 ? (
        <p className="p-4 text-muted">None yet. Each one appears here with its progress.</p>
      ) : (
        <ul className="divide-y divide-border">
          {jobs.map((job) => (
            <JobLine key={job.id} job={job} named={named} change={change} />
          ))}
        </ul>
      )}
    </Card>
  )
}
