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
  /**
   * Its place where the columns have no room. A table in which a column has one shows rows of two lines there in place of
   * cards: title and aside above, line and end below. Columns without a place are left out.
   */
  narrow?: 'title' | 'aside' | 'line' | 'end'
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
  /** A visible header above the buttons: "Payload". */
  actionsHeader?: string
  /** In a row of two lines: the one link among the actions covers the row, or there are none. */
  narrowActions?: 'cover' | 'none'
}

/**
 * A list as a table with 44 px rows. Where its columns have no room (globals.css says when), each row is a card or, with
 * `narrow` columns, two lines. Nothing scrolls sideways.
 */
export function Table<Row>({ label, columns, rows, rowKey, rowHref, actions, ...look }: Props<Row>) {
  const { actionsWidth = 'w-44', actionsHeader, narrowActions = 'cover' } = look
  const twoLines = columns.some(({ narrow }) => narrow)
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
              <th
                role="columnheader"
                scope="col"
                className={classNames('px-4 font-medium text-muted', actionsHeader && 'text-right', actionsWidth)}
              >
                {actionsHeader ?? <span className="sr-only">Actions</span>}
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup" className="divide-y divide-border cards:block">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row" className={rowClasses(rowHref?.(row) !== undefined, twoLines)}>
              {columns.map((column) => drawCell(column, row, column.primary ? rowHref?.(row) : undefined, twoLines))}
              {actions && (
                <td role="cell" className={actionsClasses(twoLines && narrowActions)}>
                  <div className="flex flex-wrap items-center gap-1 rows:relative rows:z-1 rows:justify-end">
                    {actions(row)}
                  </div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const rowClasses = (link: boolean, twoLines: boolean) =>
  classNames(
    'list-row',
    twoLines ? 'list-row-lines' : 'list-row-card',
    link && 'hover:bg-sunken has-[a:focus-visible]:bg-sunken',
  )

const actionsClasses = (narrow: 'cover' | 'none' | false) =>
  classNames(
    'px-4 py-1.5',
    narrow === 'none' && 'cards:hidden',
    narrow === 'cover' && 'list-cover cards:p-0',
    !narrow && 'cards:pt-3 cards:pb-0 cards:has-[>div:empty]:hidden',
  )

const places = {
  title: 'cards:col-start-1 cards:col-end-3 cards:row-start-1',
  aside: 'cards:col-start-3 cards:row-start-1 cards:justify-self-end',
  line: 'cards:col-start-1 cards:row-start-2 cards:text-muted',
  end: 'cards:col-start-2 cards:col-end-4 cards:row-start-2 cards:text-muted',
}

/** How a cell stands where the columns have no room: in a card, or in a row of two lines. */
function narrowClasses<Row>({ narrow, primary, wideOnly }: Column<Row>, twoLines: boolean): string {
  if (twoLines) return narrow ? `${places[narrow]} list-cell-line cards:p-0` : 'cards:hidden'
  if (wideOnly) return 'cards:hidden'
  return primary ? 'cards:order-first cards:pt-0 cards:text-base' : 'list-cell-card cards:py-1'
}

/** A function and no component, and without an element around the content of a line: a list has hundreds of cells. */
function drawCell<Row>(column: Column<Row>, row: Row, href: string | undefined, twoLines: boolean): ReactNode {
  const { header, primary, align } = column
  const content = href ? (
    <Link href={href} className="font-medium after:absolute after:inset-0">
      {column.cell(row)}
    </Link>
  ) : (
    column.cell(row)
  )
  const narrow = narrowClasses(column, twoLines)
  if (primary)
    return (
      <th key={header} role="rowheader" scope="row" className={classNames('list-cell font-medium', narrow)}>
        {content}
      </th>
    )
  return (
    <td
      key={header}
      role="cell"
      data-label={twoLines ? undefined : header}
      className={classNames('list-cell', align === 'right' && 'tabular-nums rows:text-right', narrow)}
    >
      {twoLines ? content : <div className="min-w-0">{content}</div>}
    </td>
  )
}
