import { findJsonFault } from '../events/json-limits'
import { readMediaType } from '../http/media-type'
import { problem } from '../http/problem'
import { readBody } from '../http/read-body'

const bytesAtMost = 512 * 1024

/** The body of a request as JSON, or the response that refuses it. `optional`: no body is `{}`. */
export async function readJsonBody(request: Request, optional: boolean): Promise<{ value: unknown } | Response> {
  const body = await readBody(request, bytesAtMost)
  if (body === 'too long') return problem(413, 'Too large', 'A request of the API has at most 512 KiB.')
  if (typeof body === 'string') return badRequest('The body ended early.')
  if (body.length === 0) return optional ? { value: {} } : badRequest('Send a body in JSON.')
  const { type, utf8 } = readMediaType(request.headers.get('content-type'))
  if (type !== 'application/json' || !utf8 || request.headers.has('content-encoding'))
    return problem(415, 'Unsupported content', 'Send application/json in UTF-8, not compressed.')
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    const fault = findJsonFault(value)
    if (!fault) return { value }
    const path = fault.path.join('.')
    return badRequest(`${path} ${fault.message}.`.trim(), [{ path, message: fault.message }])
  } catch {
    return badRequest('The body is not valid JSON.')
  }
}

const badRequest = (detail: string, errors?: { path: string; message: string }[]) =>
  problem(400, 'Bad request', detail, { more: errors ? { errors } : {} })
