import { Fieldset } from '../../ui/fieldset'
import { QuickChoices } from './quick-choices'
import { type PickerProps, toggled } from './star-picker'
import { ToggleBox } from './toggle-box'

const groups = [
  { name: 'Detractors', tone: 'danger', text: 'text-danger', scores: [0, 1, 2, 3, 4, 5, 6] },
  { name: 'Passives', tone: 'warning', text: 'text-warning', scores: [7, 8] },
  { name: 'Promoters', tone: 'success', text: 'text-success', scores: [9, 10] },
] as const

/** NPS scores 0 to 10, grouped and coloured as detractors, passives and promoters. */
export function NpsPicker({ legend, help, chosen, onChange, error, focusRef }: PickerProps) {
  return (
    <Fieldset legend={<span className="sr-only">{legend}</span>} help={help} error={error}>
      <div className="flex flex-wrap gap-x-4 gap-y-3">
        {groups.map(({ name, tone, text, scores }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset is read out twice
          <div key={name} role="group" aria-label={name} className="flex min-w-0 flex-col gap-1 max-md:w-full">
            <div className="flex flex-wrap gap-1 max-md:grid max-md:grid-cols-7">
              {scores.map((score) => (
                <ToggleBox
                  key={score}
                  ref={score === 0 ? focusRef : undefined}
                  label={`Score ${score}`}
                  tone={tone}
                  checked={chosen.includes(score)}
                  onChange={() => onChange(toggled(chosen, score))}
                  className="h-10 w-9 max-md:h-11 max-md:w-auto"
                >
                  <span className="font-medium tabular-nums">{score}</span>
                </ToggleBox>
              ))}
            </div>
            <span aria-hidden className={`text-xs ${text}`}>
              {name}
            </span>
          </div>
        ))}
      </div>
      <QuickChoices
        chosen={chosen}
        onChange={onChange}
        choices={[
          { label: 'All', values: groups.flatMap(({ scores }) => [...scores]) },
          { label: 'None', values: [] },
          { label: 'Detractors (0–6)', values: [...groups[0].scores] },
          { label: 'Promoters (9–10)', values: [...groups[2].scores] },
        ]}
      />
    </Fieldset>
  )
}
