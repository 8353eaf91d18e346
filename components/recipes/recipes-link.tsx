import { BookOpen } from 'lucide-react'
import { Link } from '../ui/link'

/** A link from the form to the recipes. It opens another tab, because the form is not saved yet. */
export const RecipesLink = () => (
  <Link
    href="/settings/recipes"
    target="_blank"
    className="inline-flex w-fit items-center gap-1.5 text-accent-text text-sm underline max-md:min-h-11"
  >
    <BookOpen aria-hidden className="size-4" />
    Recipes for Zapier, Make, Slack and Freshdesk
    <span className="sr-only"> (opens in a new tab)</span>
  </Link>
)
