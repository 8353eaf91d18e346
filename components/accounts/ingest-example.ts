import { exampleEvent } from '@/lib/events/example-event'

/** An event for the quick start, as indented JSON. */
export const quickStartEvent = JSON.stringify(exampleEvent(), null, 2)

export type Example = {
  hubUrl: string
  /** JSON. */
  event: string
  /** Undefined: the code reads it from the environment variable HEARBACK_API_KEY. */
  apiKey: string | undefined
}

const address = (hubUrl: string) => new URL('/api/v1/events', hubUrl).href

/** A command that posts the event. */
export const curlExample = ({ hubUrl, event, apiKey = '$HEARBACK_API_KEY' }: Example): string =>
  `curl -X POST ${address(hubUrl)} \\
  -H "Authorization: Bearer ${apiKey}" \\
  -H "Content-Type: application/json" \\
  -d '${event.replaceAll("'", "'\\''")}'`

/** A file for Node 18 or later, which posts the event. */
export const nodeExample = ({ hubUrl, event, apiKey }: Example): string =>
  `const answer = await fetch('${address(hubUrl)}', {
  method: 'POST',
  headers: {
    authorization: \`Bearer ${apiKey ?? '$' + '{process.env.HEARBACK_API_KEY}'}\`,
    'content-type': 'application/json',
  },
  body: JSON.stringify(${event.replaceAll('\n', '\n  ')}),
})
console.log(answer.status, await answer.text())`

/** A file for Python 3.9 or later, which posts the event. */
export const pythonExample = ({ hubUrl, event, apiKey }: Example): string =>
  `${apiKey ? '' : 'import os\n'}import urllib.request

event = r'''${event.replaceAll("'''", "' ' '")}'''
request = urllib.request.Request(
    '${address(hubUrl)}',
    data=event.encode(),
    headers={
        'Authorization': ${apiKey ? `'Bearer ${apiKey}'` : 'f"Bearer {os.environ[\'HEARBACK_API_KEY\']}"'},
        'Content-Type': 'application/json',
    },
)
with urllib.request.urlopen(request) as answer:
    print(answer.status, answer.read().decode())`
