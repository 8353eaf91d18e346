import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pipelinePool } from '@/lib/db/pipeline-pool'
import { env } from '@/lib/env'
import { trustedRanges } from '@/lib/http/client-address'
import { createHttpServer } from '@/lib/http/http-server'
import { createListener } from '@/lib/http/listener'
import { openRoutes } from '@/lib/http/routes'
import { log } from '@/lib/log'
import { type RunningDrain, startDrain } from '@/lib/pipeline/drain/start-drain'
import { serve } from './child'
import { endProfile, startProfile } from './profile'
import { takeStatementTimes } from './statement-times'

// The product behind its own HTTP server, assembled as in server.ts, without the pages.

let drain: RunningDrain | undefined
const pauses = monitorEventLoopDelay({ resolution: 2 })
pauses.enable()

const methods = {
  /** Listens, and returns the port. */
  async open(): Promise<number> {
    const http = createHttpServer()
    http.answerWith(
      createListener({
        routes: openRoutes(pipelinePool(), () => drain),
        pages: async (_request, response) => void response.writeHead(404).end(),
        isTrusted: trustedRanges([]),
        dev: false,
        https: true,
        onError: (error) => log().error(error, 'a request failed'),
      }),
    )
    await http.listen(0, '127.0.0.1')
    return (http.server.address() as AddressInfo).port
  },
  startDrain() {
    drain = startDrain({ db: pipelinePool(), settings: env(), log: log() })
  },
  async stopDrain() {
    await drain?.stop()
    drain = undefined
  },
  /** The longest pause of its event loop since the last call of this function, in milliseconds. */
  longestPause(): number {
    const longest = pauses.max / 1e6
    pauses.reset()
    return longest
  },
  startProfile,
  endProfile,
  takeStatementTimes,
}
export type HubMethods = typeof methods

serve(methods)
