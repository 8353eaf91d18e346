// biome-ignore-all lint/a11y/noRedundantRoles: with `display: block`, table elements lose their roles
// biome-ignore-all lint/a11y/useSemanticElements: as above

import type { ReactNode } from 'react'
import { classNames } from './class-names'
import { Link } from './link'

export type Column<Row> = {
  /** The column header, and the label of the cell in a card. */
  header: string
  cell: (row: Row) => ReactNode
  /** This cell names the row: it is the row header, the title of a card and the row's link. Set it on one column. */
  primary?: boolean
  align?: 'right'
  /** A class such as `w-40`. Columns without one share the remaining width. */
  width?: string
  /** Not shown in a card. */
  wideOnly?: boolean
}

type Props<Row> = {
  /** The name of the list: "Configured WebHooks". */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** The address that a row opens. The whole row is the link. */
  rowHref?: (row: Row) => string | undefined
  /** Buttons or a Menu at the right of a row. */
  actions?: (row: Row) => ReactNode
  actionsWidth?: string
}

/**
 * A list as a table with 44 px rows. Where its columns have no room (globals.css says when), each row is a card
 * instead. Nothing scrolls sideways.
 */
export function Table<Row>({ label, columns, rows, rowKey, rowHref, actions, actionsWidth = 'w-44' }: Props<Row>) {
  return (
    <div
      className={columns.length > 5 ? '[container:many-columns/inline-size]' : '[container:few-columns/inline-size]'}
    >
      <table role="table" aria-label={label} className="w-full text-left text-sm cards:block rows:table-fixed">
        <thead role="rowgroup" className="cards:sr-only">
          <tr role="row" className="border-border border-b">
            {columns.map(({ header, align, width }) => (
              <th
                key={header}
                role="columnheader"
                scope="col"
                className={classNames(
                  'px-3 py-2.5 font-medium text-muted first:pl-4 last:pr-4',
                  align === 'right' && 'text-right',
                  width,
                )}
              >
                {header}
              </th>
            ))}
            {actions && (
              <th role="columnheader" scope="col" className={classNames('px-4', actionsWidth)}>
                <span className="sr-only">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup" className="divide-y divide-border cards:block">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row" className={rowClasses(rowHref?.(row) !== undefined)}>
              {columns.map((column) => (
                <Cell
                  key={column.header}
                  column={column}
                  row={row}
                  href={column.primary ? rowHref?.(row) : undefined}
                />
              ))}
              {actions && (
                <td role="cell" className="px-4 py-1.5 cards:pt-3 cards:pb-0">
                  <div className="relative z-1 flex flex-wrap items-center gap-1 rows:justify-end">{actions(row)}</div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const rowClasses = (link: boolean) =>
  classNames(
    'relative h-11 transition-colors cards:flex cards:h-auto cards:flex-col cards:py-3',
    link && 'hover:bg-sunken has-[a:focus-visible]:bg-sunken',
  )

function Cell<Row>({ column, row, href }: { column: Column<Row>; row: Row; href?: string }) {
  const { header, primary, align, wideOnly } = column
  const content = href ? (
    <Link href={href} className="font-medium after:absolute after:inset-0">
      {column.cell(row)}
    </Link>
  ) : (
    column.cell(row)
  )
  if (primary)
    return (
      <th
        role="rowheader"
        scope="row"
        className="min-w-0 px-4 py-2 font-medium rows:px-3 rows:first:pl-4 rows:last:pr-4 [overflow-wrap:anywhere] cards:order-first cards:pt-0 cards:text-base"
      >
        {content}
      </th>
    )
  return (
    <td
      role="cell"
      data-label={header}
      className={classNames(
        'min-w-0 px-4 py-2 rows:px-3 rows:first:pl-4 rows:last:pr-4 cards:grid cards:grid-cols-[7.5rem_minmax(0,1fr)] cards:gap-3 cards:py-1 cards:before:text-muted cards:before:content-[attr(data-label)]',
        align === 'right' && 'tabular-nums rows:text-right',
        wideOnly && 'cards:hidden',
      )}
    >
      <div className="min-w-0 [overflow-wrap:anywhere]">{content}</div>
    </td>
  )
}
