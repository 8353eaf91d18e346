import type { Metadata } from 'next'
import { RecipeCard } from '@/components/recipes/recipe-card'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { recipes } from '@/lib/recipes/recipes'

export const metadata: Metadata = { title: 'Recipes' }

export default async function RecipesPage() {
  await authorise('viewer')
  return (
    <>
      <PageHead
        back={
          <Link href="/settings/webhooks" className="text-accent-text underline">
            WebHooks
          </Link>
        }
        title="Recipes"
        description="What to enter in the WebHook form for systems that are not your own code."
      />
      {recipes.map((recipe) => (
        <RecipeCard key={recipe.key} recipe={recipe} />
      ))}
    </>
  )
}
