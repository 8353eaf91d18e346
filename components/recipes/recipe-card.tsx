import type { ReactNode } from 'react'
import { formats } from '@/lib/formats/formats'
import type { Recipe } from '@/lib/recipes/recipes'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { CodeBlock } from '../ui/code-block'
import { RecipeText } from './recipe-text'

/** A recipe: what to enter, what to do, the expected result and the common mistake. */
export const RecipeCard = ({ recipe }: { recipe: Recipe }) => (
  <div id={recipe.key} className="scroll-mt-6">
    <Card title={recipe.title} description={recipe.purpose}>
      <dl className="grid gap-x-6 gap-y-1 md:grid-cols-[9rem_minmax(0,1fr)] md:gap-y-2">
        <Choice term="Format">
          <span className="font-medium">{formats[recipe.format].label}</span>
          <span className="block text-muted text-sm">
            <RecipeText text={recipe.formatNote} />
          </span>
        </Choice>
        <Choice term="WebHook URL">
          <RecipeText text={recipe.url} />
        </Choice>
        <Choice term="Authentication">
          <RecipeText text={recipe.authentication} />
        </Choice>
      </dl>
      <ol className="flex max-w-prose list-decimal flex-col gap-1 pl-5 marker:text-muted">
        {recipe.steps.map((step) => (
          <li key={step}>
            <RecipeText text={step} />
          </li>
        ))}
      </ol>
      {recipe.code && (
        <CodeBlock
          what={recipe.code.what}
          title={recipe.code.language === 'js' ? 'Apps Script' : 'Terminal'}
          code={recipe.code.text}
        />
      )}
      <p className="max-w-prose">
        <span className="font-medium">Then: </span>
        <RecipeText text={recipe.expect} />
      </p>
      <Callout tone="warning">
        <p className="max-w-prose">
          <RecipeText text={recipe.pitfall} />
        </p>
      </Callout>
    </Card>
  </div>
)

const Choice = ({ term, children }: { term: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{term}</dt>
    <dd className="min-w-0 max-w-prose max-md:mb-2">{children}</dd>
  </>
)
