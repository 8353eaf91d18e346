import type { ZodOpenApiPathItemObject } from 'zod-openapi'
import { bodySchema } from '../catalogue/body-schemas'
import { catalogue, sampleBody } from '../catalogue/sample-calls'
import { contentTypes, type Format, formatKeys } from '../formats/format'
import { formats } from '../formats/formats'
import * as z from '../zod'

// The calls that the hub makes, one for each format, for the `webhooks` of the OpenAPI document.

const headers = z.object({
  'webhook-id': z.string().meta({ description: 'The id of the delivery: the same on every retry.' }),
  'hearback-attempt': z.string().meta({ description: '1 for the first call of a delivery, then 2, 3, …' }),
  'hearback-feedback-version': z.string().optional().meta({ description: 'A larger one is newer.' }),
  'hearback-test': z.literal('true').optional().meta({ description: 'On a test fire.' }),
  'hearback-replay': z
    .literal('true')
    .optional()
    .meta({ description: 'On a delivery that was sent again or recovered.' }),
})

/** The names of a format's own header lines. */
function ownHeaders(format: Format): z.ZodObject {
  const lines = format.headers({ deliveryId: '', timestamp: 0, triggeredAtMs: 0, signature: format.secret ? '' : null })
  const names = lines.filter((_, index) => index % 2 === 0)
  return headers.extend(Object.fromEntries(names.map((name) => [name, z.string()])))
}

function outgoingCall(format: Format): ZodOpenApiPathItemObject {
  const own = catalogue.filter((entry) => entry.format === format.key)
  const schema = z.union(own.map(({ type }) => bodySchema(format.key, type)))
  const [first] = own
  return {
    post: {
      operationId: `call-${format.key}`,
      summary: format.label,
      description: `${format.summary} Sent for ${own.map(({ type }) => `\`${type}\``).join(', ')}.`,
      security: [],
      requestParams: { header: ownHeaders(format) },
      requestBody: {
        required: true,
        content: Object.fromEntries(
          format.encodings.map((encoding) => [
            contentTypes[encoding],
            encoding === 'json'
              ? { schema, examples: first && { sample: { value: JSON.parse(sampleBody(format, first.type)) } } }
              : { schema: z.record(z.string(), z.string()) },
          ]),
        ),
      },
      responses: {
        '2XX': { description: 'Delivered. Every other answer is a failed call, which is tried again.' },
        '410': { description: 'The receiver is gone: the webhook is turned off.' },
      },
    },
  }
}

/** By format. */
export const outgoingCalls = (): Record<string, ZodOpenApiPathItemObject> =>
  Object.fromEntries(formatKeys.map((key) => [key, outgoingCall(formats[key])]))
