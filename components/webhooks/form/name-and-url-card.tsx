'use client'

import { useWatch } from 'react-hook-form'
import { countGraphemes } from '@/lib/entered-name'
import { formats } from '@/lib/formats/formats'
import { RecipesLink } from '../../recipes/recipes-link'
import { Callout } from '../../ui/callout'
import { Card } from '../../ui/card'
import { Field } from '../../ui/field'
import { Input } from '../../ui/input'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** The rule's name and the URL to call. */
export function NameAndUrlCard() {
  const { register, control, formState } = useWebhookForm()
  const { context } = useWebhookFormSetting()
  const [name, url, format] = useWatch({ control, name: ['name', 'url', 'format'] })
  const { errors } = formState
  const { http } = context.urlPolicy
  const plainHttp = http === 'always' || (http === 'format' && formats[format].plainHttp)
  const inClear = /^http:\/\//i.test(url.trim()) && !errors.url
  return (
    <Card title="Name and URL">
      <Field
        label="Rule name"
        help="1 to 24 characters, so that you know it again in the list."
        error={errors.name?.message}
        counter={{ length: countGraphemes(name.trim()), limit: 24 }}
      >
        <Input autoComplete="off" placeholder="Low service ratings" {...register('name')} />
      </Field>
      <Field
        label="WebHook URL"
        help={`The address at your end that we POST to. It begins with ${plainHttp ? 'https:// or http://' : 'https://'}.`}
        error={errors.url?.message}
      >
        <Input
          mono
          type="url"
          inputMode="url"
          autoComplete="off"
          placeholder="https://www.your-shop.com/hooks/feedback"
          {...register('url')}
        />
      </Field>
      <RecipesLink />
      {inClear && (
        <Callout tone="warning" title="This address is not encrypted">
          Ratings, keys and passwords travel in clear: anyone on the way can read and change them. Use https:// if your
          endpoint has it.
        </Callout>
      )}
    </Card>
  )
}
