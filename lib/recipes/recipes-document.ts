import { formats } from '../formats/formats'
import { type Recipe, recipes } from './recipes'

/** docs/recipes.md: the recipes as Markdown. */
export const recipesDocument = (): string =>
  [
    '# Recipes',
    'What to enter in the WebHook form for systems other than your own code. The hub shows the same text under Recipes, linked beside the field WebHook URL.',
    ...recipes.map(section),
  ]
    .join('\n\n')
    .concat('\n')

const section = ({ title, purpose, format, formatNote, url, authentication, steps, code, expect, pitfall }: Recipe) =>
  [
    `## ${title}`,
    purpose,
    [
      '| in the form | |',
      '|---|---|',
      `| Format | **${formats[format].label}**. ${formatNote} |`,
      `| WebHook URL | ${url} |`,
      `| Authentication | ${authentication} |`,
    ].join('\n'),
    steps.map((step, i) => `${i + 1}. ${step}`).join('\n'),
    ...(code ? [`\`\`\`${code.language ?? 'sh'}\n${code.text}\n\`\`\``] : []),
    `**Then**: ${expect}`,
    `**Beware**: ${pitfall}`,
  ].join('\n\n')
