import { bodySchema } from '@/lib/catalogue/body-schemas'
import { firesNot } from '@/lib/catalogue/catalogue-words'
import { type CatalogueEntry as Entry, sampleBody } from '@/lib/catalogue/sample-calls'
import { eventTypeWords } from '@/lib/events/event-words'
import { formats } from '@/lib/formats/formats'
import * as z from '@/lib/zod'
import { Card } from '../ui/card'
import { CodeBlock } from '../ui/code-block'
import { Folded } from '../ui/folded'

const pretty = (value: unknown) => JSON.stringify(value, null, 2)

/** One event in one format. The sample and the schema are folded, because the page has dozens. */
export function CatalogueEntry({ entry: { type, format: key } }: { entry: Entry }) {
  const format = formats[key]
  const named = `${type} as ${format.label}`
  return (
    <Card title={`${eventTypeWords[type]} · ${format.label}`} description={firesNot(type, key)}>
      <Folded summary="Sample body">
        <CodeBlock what={`sample body of ${named}`} title="JSON" code={pretty(JSON.parse(sampleBody(format, type)))} />
      </Folded>
      <Folded summary="JSON Schema">
        <CodeBlock
          what={`JSON Schema of ${named}`}
          title="JSON Schema"
          code={pretty(z.toJSONSchema(bodySchema(key, type)))}
        />
      </Folded>
    </Card>
  )
}
