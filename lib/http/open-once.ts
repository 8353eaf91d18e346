import type { Handler } from './route'

/** A handler that is opened by its first request: `next build` imports route files and has no configuration. */
export function openOnce(open: () => Handler): (request: Request) => Promise<Response> {
  let opened: Handler | undefined
  return (request) => {
    opened ??= open()
    return opened(request)
  }
}
