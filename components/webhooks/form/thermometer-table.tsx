import type { Ref } from 'react'
import {
  type Temperature,
  type ThermometerBox,
  type ThermometerPart,
  temperatures,
  thermometerBoxes,
  thermometerParts,
} from '@/lib/webhooks/thermometer'
import { Fieldset } from '../../ui/fieldset'
import { QuickChoices } from './quick-choices'
import { TemperatureSwatch, temperatureNames } from './temperature-swatch'
import { ToggleBox } from './toggle-box'

const heads: Record<ThermometerPart, { name: string; when: string }> = {
  response: { name: 'Response', when: 'given or changed' },
  comment: { name: 'Comment', when: 'added or changed' },
  driver: { name: 'Driver', when: 'added or changed' },
}

type Props = {
  chosen: readonly ThermometerBox[]
  onChange: (boxes: ThermometerBox[]) => void
  error?: string
  /** The first box, for focus after an error. */
  focusRef?: Ref<HTMLInputElement>
}

/** Twelve boxes: four temperatures by given, added or changed (Customer Thermometer, “Webhooks”). */
export function ThermometerTable({ chosen, onChange, error, focusRef }: Props) {
  const toggle = (box: ThermometerBox) =>
    onChange(thermometerBoxes.filter((other) => chosen.includes(other) !== (other === box)))
  return (
    <Fieldset
      legend={<span className="sr-only">Thermometer</span>}
      help="Tick what calls the URL: a rating, a comment or drivers of such a response."
      error={error}
    >
      <table className="w-full max-w-120 table-fixed text-left">
        <thead>
          <tr>
            <th scope="col" className="w-22 pb-1">
              <span className="sr-only">Temperature</span>
            </th>
            {thermometerParts.map((part) => (
              <th key={part} scope="col" className="px-1 pb-1 align-bottom font-medium">
                {heads[part].name}
                <span className="block font-normal text-muted text-xs">{heads[part].when}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {temperatures.map((temperature) => (
            <tr key={temperature}>
              <th scope="row" className="pr-2 font-medium">
                <span className="flex items-center gap-2">
                  <TemperatureSwatch temperature={temperature} />
                  {temperatureNames[temperature]}
                </span>
              </th>
              {thermometerParts.map((part) => {
                const box = `${temperature}.${part}` as const
                return (
                  <td key={part} className="p-1">
                    <ToggleBox
                      ref={box === thermometerBoxes[0] ? focusRef : undefined}
                      label={`${temperatureNames[temperature]}: ${part}`}
                      checked={chosen.includes(box)}
                      onChange={() => toggle(box)}
                      className="h-9 max-md:h-11"
                    />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <QuickChoices
        chosen={chosen}
        onChange={onChange}
        choices={[
          { label: 'All', values: [...thermometerBoxes] },
          { label: 'None', values: [] },
          { label: 'Low ones (yellow, red)', values: boxesOf(['yellow', 'red']) },
        ]}
      />
    </Fieldset>
  )
}

const boxesOf = (wanted: Temperature[]) =>
  wanted.flatMap((temperature) => thermometerParts.map((part): ThermometerBox => `${temperature}.${part}`))
