import { bodySchema } from '@/lib/catalogue/body-schemas'
import { firesNot } from '@/lib/catalogue/catalogue-words'
import { catalogue, type CatalogueEntry as Entry, sampleBody } from '@/lib/catalogue/sample-calls'
import { eventTypeWords } from '@/lib/events/event-words'
import { formats } from '@/lib/formats/formats'
import * as z from '@/lib/zod'
import { Card } from '../ui/card'
import { CodeBlock } from '../ui/code-block'
import { Folded } from '../ui/folded'

const pretty = (value: unknown) => JSON.stringify(value, null, 2)

/** They are the same for everyone, and making them takes longer than sending them. */
const texts = catalogue.map(({ type, format }) => ({
  sample: pretty(JSON.parse(sampleBody(formats[format], type))),
  schema: pretty(z.toJSONSchema(bodySchema(format, type))),
}))

/** One event in one format. The sample and the schema are folded, because the page has dozens. */
export function CatalogueEntry({ entry }: { entry: Entry }) {
  const { type, format } = entry
  const { label } = formats[format]
  const { sample, schema } = texts[catalogue.indexOf(entry)] as (typeof texts)[number]
  const named = `${type} as ${label}`
  return (
    <Card title={`${eventTypeWords[type]} · ${label}`} description={firesNot(type, format)}>
      <Folded summary="Sample body">
        <CodeBlock what={`sample body of ${named}`} title="JSON" code={sample} />
      </Folded>
      <Folded summary="JSON Schema">
        <CodeBlock what={`JSON Schema of ${named}`} title="JSON Schema" code={schema} />
      </Folded>
    </Card>
  )
}
