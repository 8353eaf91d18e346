'use client'

import { Pause, Play, X } from 'lucide-react'
import type { FormResult } from '@/lib/form-result'
import type { ShownJob } from '@/lib/recovery/recovery-jobs'
import { showId } from '@/lib/type-id'
import { Pill } from '../ui/badge'
import { Button } from '../ui/button'
import { Link } from '../ui/link'
import { LocalTime } from '../ui/local-time'
import { ProgressBar } from '../ui/progress-bar'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { jobWords, progressOf, stateLooks } from './job-words'

export type ChangeJob = (jobId: string, state: 'running' | 'paused' | 'cancelled') => Promise<FormResult>

type Props = { job: ShownJob; named: boolean; change: ChangeJob | undefined }

/** One recovery: what it recovers, how far it is, and what can be done with it. */
export function JobLine({ job, named, change }: Props) {
  const { kind, since, until, state, reason, queued, leftOut, webhookId, webhookName } = job
  const { tone, words } = stateLooks[state]
  const progress = progressOf(job)
  const title = jobWords[kind]
  return (
    <li className="flex flex-col gap-2 p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-medium">{title}</span>
        {named && (
          <Link href={`/settings/webhooks/${showId('webhook', webhookId)}`} className="text-accent-text underline">
            {webhookName}
          </Link>
        )}
        <span className="text-muted text-sm">
          <LocalTime at={since} show="exact" /> to <LocalTime at={until} show="exact" />
        </span>
        <span className="ml-auto flex items-center gap-1">
          <Pill tone={tone}>{words}</Pill>
          {change && <JobButtons job={job} title={title} change={change} />}
        </span>
      </div>
      <ProgressBar label={`${title}: progress`} percent={progress} />
      <p className="text-muted text-sm tabular-nums">
        {queued.toLocaleString('en')}
        {job.expected !== null && ` of ${job.expected.toLocaleString('en')}`} queued
        {leftOut > 0 && `, ${leftOut.toLocaleString('en')} could not be sent`}
        {reason === 'off' && '. The WebHook was switched off: turn it on, then continue'}
        {reason === 'deleted' && '. The WebHook was deleted'}
        {state === 'running' && job.reached !== null && (
          <>
            , reached <LocalTime at={job.reached} show="exact" />
          </>
        )}
      </p>
    </li>
  )
}

function JobButtons({ job: { id, state }, title, change }: { job: ShownJob; title: string; change: ChangeJob }) {
  const { run, pending } = useAction()
  const to = (next: 'running' | 'paused' | 'cancelled') =>
    run(
      () => change(id, next),
      (result) => void (result.ok || toastRefusal(result)),
    )
  if (state !== 'running' && state !== 'paused') return null
  const name = <span className="sr-only"> {title}</span>
  return (
    <>
      {state === 'running' ? (
        <Button size="sm" variant="ghost" icon={<Pause aria-hidden />} pending={pending} onClick={() => to('paused')}>
          Pause{name}
        </Button>
      ) : (
        <Button size="sm" variant="ghost" icon={<Play aria-hidden />} pending={pending} onClick={() => to('running')}>
          Continue{name}
        </Button>
      )}
      <Button size="sm" variant="ghost" icon={<X aria-hidden />} pending={pending} onClick={() => to('cancelled')}>
        Cancel{name}
      </Button>
    </>
  )
}
