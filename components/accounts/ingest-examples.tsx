'use client'

import { CodeBlock } from '../ui/code-block'
import { Tabs } from '../ui/tabs'
import { curlExample, type Example, nodeExample, pythonExample } from './ingest-example'

/** Code that posts one event: for a terminal, in Node and in Python. */
export const IngestExamples = (example: Example) => (
  <Tabs
    label="Language"
    items={[
      {
        value: 'curl',
        label: 'curl',
        content: <CodeBlock what="curl command" title="Terminal" code={curlExample(example)} />,
      },
      {
        value: 'node',
        label: 'Node',
        content: <CodeBlock what="Node code" title="first-event.mjs" code={nodeExample(example)} />,
      },
      {
        value: 'python',
        label: 'Python',
        content: <CodeBlock what="Python code" title="first_event.py" code={pythonExample(example)} />,
      },
    ]}
  />
)
