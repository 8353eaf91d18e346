import { qrCode } from '@/lib/people/qr-code'

/** A QR code with the white margin that scanners need, in both themes. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = qrCode(text)
  const side = rows.length + 8
  const path = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
    .filter(Boolean)
    .join('')
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} className="size-44 shrink-0 rounded-control">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
