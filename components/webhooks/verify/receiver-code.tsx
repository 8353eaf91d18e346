import { Fragment } from 'react'
import type { LanguageCode } from '@/lib/verify/receiver-code'
import { Card } from '../../ui/card'
import { CodeBlock } from '../../ui/code-block'
import { Tabs } from '../../ui/tabs'

/** A receiver in each language, file by file. */
export const ReceiverCode = ({ languages }: { languages: LanguageCode[] }) => (
  <Card
    title="Code"
    description="Put the files side by side. The body is checked as it came, before anything parses it, and compared in a time that tells nothing."
  >
    <Tabs
      label="Language"
      items={languages.map(({ language, label, needs, start, files }) => ({
        value: language,
        label,
        content: (
          <div className="flex min-w-0 flex-col gap-4">
            <p className="max-w-prose text-muted text-sm">
              {needs}, with nothing that has to be installed{language === 'ruby' && ' but Rack'}. To try it:{' '}
              <code className="text-text">{start}</code>
            </p>
            {files.map(({ name, framework, code }) => (
              <Fragment key={name}>
                {framework && <InFramework framework={framework} />}
                <CodeBlock what={name} code={code} wrap={false} />
              </Fragment>
            ))}
          </div>
        ),
      }))}
    />
  </Card>
)

const places = {
  Rails: 'In place of the file above; what it requires stands in lib.',
  Django: 'In place of the file above, in an app of your project, beside what it imports.',
}

const InFramework = ({ framework }: { framework: keyof typeof places }) => (
  <div className="mt-2">
    <h3 className="font-medium">In {framework}</h3>
    <p className="max-w-prose text-muted text-sm">
      {places[framework]} {framework} turns down every POST without a CSRF token, and a call has none: it does not come
      from a page of your site. This one path is exempt; the check of the call takes the place of the token.
    </p>
  </div>
)
