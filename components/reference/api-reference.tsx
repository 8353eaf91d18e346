'use client'

import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react'

type Scalar = { createApiReference(element: Element, settings: Record<string, unknown>): { destroy?(): void } }

const settings = {
  url: '/api/openapi.json',
  slug: 'api',
  // Nothing is fetched from elsewhere, and nothing is sent there.
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  documentDownloadType: 'json',
}

/**
 * The index of the operations, and in its place the reference as soon as the address has a fragment: an operation was
 * opened. Its script has a megabyte, and is loaded then.
 */
export function ApiReference({ index }: { index: ReactNode }) {
  const opened = useSyncExternalStore(whenFragmentChanges, hasFragment, () => false)
  return opened ? <DrawnReference /> : index
}

const hasFragment = () => window.location.hash.length > 1
function whenFragmentChanges(tell: () => void) {
  window.addEventListener('hashchange', tell)
  return () => window.removeEventListener('hashchange', tell)
}

/** The reference, drawn by Scalar at the place that the address names. */
function DrawnReference() {
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
    <>
      <p className="border-border border-b bg-raised px-4 py-2 text-sm">
        <a href="/reference" className="text-accent-text underline underline-offset-2">
          All operations
        </a>
      </p>
      <div ref={place}>
        <p className="p-8 text-muted">The reference is being drawn.</p>
      </div>
    </>
  )
}
