'use client'

import { type Pace, paces } from '@/lib/recovery/recovery-schema'
import { Field } from '../ui/field'
import { Select } from '../ui/select'

/** "600 a minute", "as fast as the endpoint takes them". */
export const paceWords = (perMinute: number | null): string =>
  perMinute === null ? 'as fast as the endpoint takes them' : `${perMinute.toLocaleString('en')} a minute`

const options = paces.map((pace) => ({
  value: String(pace),
  label: pace === null ? 'As fast as the endpoint takes them' : `At most ${paceWords(pace)}`,
}))

type Props = { chosen: Pace; onChoose: (pace: Pace) => void }

/** How many deliveries a minute a job queues. */
export const PaceChoice = ({ chosen, onChoose }: Props) => (
  <Field label="Pace" help="New events are not slowed by it.">
    <Select
      options={options}
      value={String(chosen)}
      onChange={({ target }) => onChoose(paces.find((pace) => String(pace) === target.value) ?? null)}
    />
  </Field>
)
