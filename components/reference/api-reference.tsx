'use client'

import { useEffect, useRef } from 'react'

type Scalar = { createApiReference(element: Element, settings: Record<string, unknown>): { destroy?(): void } }

const settings = {
  url: '/api/openapi.json',
  // Nothing is fetched from elsewhere, and nothing is sent there.
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  documentDownloadType: 'json',
}

/** The reference of the API, drawn by Scalar. Its script is large, so no other page loads it. */
export function ApiReference() {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let drawn: ReturnType<Scalar['createApiReference']> | undefined
    const script = document.createElement('script')
    script.src = '/reference/scalar.js'
    script.addEventListener('load', () => {
      const { Scalar } = window as typeof window & { Scalar?: Scalar }
      if (place.current) drawn = Scalar?.createApiReference(place.current, settings)
    })
    document.head.append(script)
    return () => {
      script.remove()
      drawn?.destroy?.()
    }
  }, [])
  return (
    <div ref={place}>
      <p className="p-8 text-muted">The reference is being drawn. As a file: /api/openapi.json</p>
    </div>
  )
}
