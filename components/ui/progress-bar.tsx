/** How far a long task is. `percent` is from 0 to 100; `label` says of what. */
export const ProgressBar = ({ label, percent }: { label: string; percent: number }) => (
  <div
    role="progressbar"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={percent}
    className="h-1.5 overflow-hidden rounded-full bg-sunken"
  >
    <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
  </div>
)
