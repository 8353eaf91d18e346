'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { FormProvider, useForm } from 'react-hook-form'
import { showId } from '@/lib/type-id'
import type { Conflict } from '@/lib/webhooks/save-result'
import { type WebhookForm as Parsed, type WebhookFormInput, webhookFormSchema } from '@/lib/webhooks/webhook-schema'
import { Form } from '../../ui/form'
import { FormErrors } from '../../ui/form-errors'
import { toast } from '../../ui/toast'
import { useFormAction } from '../../ui/use-form-action'
import { ConflictDialog } from './conflict-dialog'
import { FormatCard } from './format-card'
import { LeaveGuard } from './leave-guard'
import { NameAndUrlCard } from './name-and-url-card'
import { OnlyIfCard } from './only-if-card'
import { RuleCards } from './rule-cards'
import { RulePreview } from './rule-preview'
import { SaveBar } from './save-bar'
import { SecurityCard } from './security-card'
import { SourcesCard } from './sources-card'
import { TestFirePanel } from './test-fire-panel'
import { TestPasses } from './test-passes'
import { fieldLabels, type WebhookFormSetting, WebhookFormSettingContext } from './webhook-form-state'

type Props = WebhookFormSetting & { values: WebhookFormInput }

/** Register and edit: one form. Beside it the rule in words, its preview and the test fire. */
export function WebhookForm({ values, ...setting }: Props) {
  const router = useRouter()
  const form = useForm<WebhookFormInput, unknown, Parsed>({
    resolver: zodResolver(webhookFormSchema(setting.context)),
    mode: 'onTouched',
    defaultValues: values,
  })
  const { errors, submitCount, isDirty } = form.formState
  const [conflict, setConflict] = useState<Conflict>()
  const [saved, setSaved] = useState(false)
  const [loadingTheirs, setLoading] = useState(false)
  // After the leave guard is off.
  useEffect(() => {
    if (loadingTheirs) location.reload()
  }, [loadingTheirs])
  const version = useRef(setting.version)
  const save = (parsed: Parsed) => setting.actions.save(version.current, parsed)
  const { submit, pending } = useFormAction(form, save, (result, { name }) => {
    if (result.conflict) return setConflict(result.conflict)
    setConflict(undefined)
    setSaved(true)
    toast.success(`“${name}” was saved.`, { description: setting.version === null ? 'It is on.' : undefined })
    router.push(`/settings/webhooks?saved=${showId('webhook', result.webhookId)}`)
  })

  return (
    <WebhookFormSettingContext value={setting}>
      <FormProvider {...form}>
        <TestPasses initial={setting.sources.testPassed ? values : undefined}>
          <div className="grid items-start gap-6 min-[1180px]:grid-cols-[minmax(0,40rem)_minmax(18rem,1fr)]">
            <Form onSubmit={submit} className="flex min-w-0 max-w-160 flex-col gap-4">
              <FormatCard />
              <NameAndUrlCard />
              <RuleCards />
              <OnlyIfCard />
              <SecurityCard />
              <SourcesCard />
              <FormErrors errors={errors} labels={fieldLabels} submitCount={submitCount} />
              <SaveBar pending={pending} />
            </Form>
            <aside
              aria-label="Preview and test fire"
              className="flex min-w-0 max-w-160 flex-col gap-4 min-[1180px]:sticky min-[1180px]:top-6 min-[1180px]:max-h-[calc(100dvh-3rem)] min-[1180px]:overflow-y-auto"
            >
              <RulePreview />
              <TestFirePanel />
            </aside>
          </div>
        </TestPasses>
      </FormProvider>
      <LeaveGuard unsaved={isDirty && !saved && !loadingTheirs} />
      <ConflictDialog
        conflict={conflict}
        pending={pending}
        onKeepEditing={() => setConflict(undefined)}
        onLoadTheirs={() => setLoading(true)}
        onSaveMine={() => {
          version.current = conflict?.version ?? version.current
          void submit()
        }}
      />
    </WebhookFormSettingContext>
  )
}
