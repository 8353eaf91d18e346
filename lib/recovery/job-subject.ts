import { showId } from '../type-id'

/** How the audit log names a recovery job. */
export const jobSubject = (jobId: string): string => `recovery ${showId('recovery', jobId)}`
