import { env } from '../../env'
import { done } from '../../form-result'
import * as z from '../../zod'
import { hubOperation, type Operation } from '../operation'

export const hubOperations: Operation[] = [
  hubOperation({
    id: 'listSenderAddresses',
    method: 'get',
    path: '/sender-addresses',
    tag: 'Hub',
    scope: 'public',
    summary: 'List the addresses that calls come from',
    answer: z.object({
      addresses: z
        .array(z.string())
        .meta({ description: 'Addresses and ranges for a firewall. Empty: the operator has not named them.' }),
    }),
    cacheControl: 'public, max-age=3600',
    run: async () => done({ addresses: env().HEARBACK_EGRESS_IPS }),
  }),
]
