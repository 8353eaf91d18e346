'use client'

import { Menu as Base } from '@base-ui/react/menu'
import { Ellipsis } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Button } from './button'
import { classNames } from './class-names'
import { Link } from './link'

type Props = {
  /** For screen readers: "More for Low ratings". */
  label: string
  /** The element that opens the menu; an ellipsis button by default. */
  trigger?: ReactElement
  align?: 'start' | 'end'
  children: ReactNode
}

/** A menu of actions behind one button. */
export function Menu({ label, trigger, align = 'end', children }: Props) {
  return (
    <Base.Root>
      <Base.Trigger aria-label={label} render={trigger ?? ellipsis} />
      <Popup align={align}>{children}</Popup>
    </Base.Root>
  )
}

type SharedProps<Row> = {
  handle: Base.Handle<Row>
  /** The items for the row whose button was pressed. */
  children: (row: Row) => ReactNode
}

/**
 * The menu of every row of a list, rendered once: with a menu of its own for each row, ten rows took 5 ms more. Each row has
 * a `MenuButton` with the same handle (`createMenuHandle`).
 */
export const SharedMenu = <Row,>({ handle, children }: SharedProps<Row>) => (
  <Base.Root handle={handle}>
    {({ payload }: { payload: Row | undefined }) => (
      <Popup align="end">{payload === undefined ? null : children(payload)}</Popup>
    )}
  </Base.Root>
)

/** A row's button of a `SharedMenu`. `label` is for screen readers: "More for Low ratings". */
export const MenuButton = <Row,>({ label, row, handle }: { label: string; row: Row; handle: Base.Handle<Row> }) => (
  <Base.Trigger handle={handle} payload={row} aria-label={label} render={ellipsis} />
)

export const createMenuHandle = Base.createHandle

const ellipsis = <Button variant="ghost" size="sm" icon={<Ellipsis aria-hidden />} />

const Popup = ({ align, children }: Required<Pick<Props, 'align' | 'children'>>) => (
  <Base.Portal>
    <Base.Positioner align={align} sideOffset={4} className="z-50">
      <Base.Popup className="min-w-44 max-w-[calc(100vw-2rem)] rounded-card border border-border bg-raised p-1 shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
        {children}
      </Base.Popup>
    </Base.Positioner>
  </Base.Portal>
)

type ItemProps = {
  icon?: ReactNode
  danger?: boolean
  disabled?: boolean
  /** For an item that is a link. */
  href?: string
  /** For an item that is an action. */
  onClick?: () => void
  children: ReactNode
}

export function MenuItem({ icon, danger, disabled, href, onClick, children }: ItemProps) {
  const className = classNames(
    'flex min-h-9 select-none items-center gap-2.5 rounded-[5px] px-2.5 text-base outline-none max-md:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0',
    'data-disabled:opacity-50 data-highlighted:bg-sunken',
    danger ? 'text-danger' : 'text-text',
  )
  const content = (
    <>
      {icon}
      {children}
    </>
  )
  if (href)
    return (
      <Base.LinkItem closeOnClick className={className} render={<Link href={href} />}>
        {content}
      </Base.LinkItem>
    )
  return (
    <Base.Item disabled={disabled} onClick={onClick} className={className}>
      {content}
    </Base.Item>
  )
}

export const MenuSeparator = () => <Base.Separator className="-mx-1 my-1 h-px bg-border" />
