import type { IncomingMessage, ServerResponse } from 'node:http'
import { discardBody } from './pace-body'

// What is answered while nothing else can: at start-up, and while the process of the pages is away.

const retryAfterS = 2

// By a script, because a refresh of an address with a # only scrolls: the links to a new password have one.
const page = (nonce: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<script nonce="${nonce}">setTimeout(() => location.reload(), ${retryAfterS * 1000})</script>
<noscript><meta http-equiv="refresh" content="${retryAfterS}"></noscript>
<title>Starting · Hearback</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}</style>
<h1>The pages are starting</h1>
<p>This page loads again by itself in a moment. Events are taken in and delivered meanwhile.</p>
</html>
`

const problem = JSON.stringify({
  type: 'about:blank',
  title: 'Service unavailable',
  status: 503,
  detail: 'The hub is starting. Try again in a moment.',
})

/** 503 with Retry-After: to a person a page that loads itself again, to everybody else problem details (RFC 9457). */
export function answerAway(request: IncomingMessage, response: ServerResponse): void {
  const forPerson = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '')
  const body = forPerson ? page(nonceOf(response)) : problem
  response.writeHead(503, {
    'content-type': forPerson ? 'text/html; charset=utf-8' : 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'retry-after': String(retryAfterS),
  })
  // A client that still sends would not see an answer on a connection that closes.
  discardBody(request)
  response.end(body)
}

/** Of the policy that the response has. While nothing answers yet there is none, and any script runs. */
const nonceOf = (response: ServerResponse): string =>
  /'nonce-([^']+)'/.exec(String(response.getHeader('content-security-policy') ?? ''))?.[1] ?? ''
