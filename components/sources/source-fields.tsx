'use client'

import type { FieldErrors, UseFormRegisterReturn } from 'react-hook-form'
import { sourceKinds } from '@/lib/events/event-types'
import type { SourceForm } from '@/lib/sources/source-schema'
import { kindWords } from '@/lib/sources/source-words'
import { Field } from '../ui/field'
import { Fieldset } from '../ui/fieldset'
import { Input } from '../ui/input'
import { Select } from '../ui/select'

type Props = {
  register: (name: 'name' | 'kind') => UseFormRegisterReturn
  errors: FieldErrors<Pick<SourceForm, 'name' | 'kind'>>
  nameLength: number
}

/** Name and kind, of a new source and a known one. */
export const NameAndKindFields = ({ register, errors, nameLength }: Props) => (
  <>
    <Field
      label="Name"
      help="What lists and payloads call it."
      error={errors.name?.message}
      counter={{ length: nameLength, limit: 200 }}
    >
      <Input autoComplete="off" placeholder="Ticket closed" {...register('name')} />
    </Field>
    <Field label="Kind" error={errors.kind?.message}>
      <Select options={sourceKinds.map((kind) => ({ value: kind, label: kindWords[kind] }))} {...register('kind')} />
    </Field>
  </>
)

const vendors = [
  ['thermometerId', 'Thermometer id', 'Sent as thermometer_id.'],
  ['wootricSurveyId', 'Wootric survey id', 'Sent as survey_id.'],
  ['rateupSurveyId', 'Rateup survey or flow id', 'Sent as surveyId.'],
] as const

export type VendorField = `vendorIds.${(typeof vendors)[number][0]}`

/** An empty field becomes undefined: the hub's own id is sent. */
export const vendorValue = {
  number: { setValueAs: (text: unknown) => (text === '' || text == null ? undefined : Number(text)) },
  text: { setValueAs: (text: unknown) => (text === '' || text == null ? undefined : text) },
}

type VendorProps = {
  register: (name: VendorField, options: { setValueAs: (value: unknown) => unknown }) => UseFormRegisterReturn
  errors: FieldErrors<SourceForm>['vendorIds']
}

/** The source's ids at vendors, sent to receivers that know it by them. */
export const VendorIdFields = ({ register, errors }: VendorProps) => (
  <Fieldset
    legend="Vendor ids"
    help="If your receivers know this source by another product’s id, enter it: it is sent in place of ours, for good."
  >
    <div className="grid gap-4 md:grid-cols-3">
      {vendors.map(([name, label, help]) => (
        <Field key={name} label={label} help={help} error={errors?.[name]?.message}>
          <Input
            mono
            autoComplete="off"
            inputMode={name === 'rateupSurveyId' ? 'text' : 'numeric'}
            {...register(`vendorIds.${name}`, name === 'rateupSurveyId' ? vendorValue.text : vendorValue.number)}
          />
        </Field>
      ))}
    </div>
  </Fieldset>
)
