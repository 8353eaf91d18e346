/** The product's logo and name. */
export const Wordmark = () => (
  <span className="inline-flex items-center gap-2 font-semibold text-lg tracking-tight">
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-6">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" strokeWidth="2.6" strokeLinecap="round" className="stroke-white">
        <path d="M9 13.5a7 7 0 0 1 14 0c0 4.5-5 5-5 8.5a3 3 0 0 1-5.5 1.7" />
        <path d="M13 13.5a3 3 0 0 1 6 0" />
      </g>
    </svg>
    Hearback
  </span>
)
