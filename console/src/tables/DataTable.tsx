'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  memo,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type SyntheticEvent,
} from 'react';
import { useIsNarrow } from '../ui/useIsNarrow';
import { usePreferences } from '../preferences/preferences';
import { Button } from '../ui/Button';
import { classes } from '../ui/classes';
import { Menu, MenuCheck, MenuLabel } from '../ui/Menu';
import { tellRefused } from '../ui/tell';
import { download, toCsv } from './csv';
import { type PlainText, say } from '../words/say';
import { exactly } from '../words/format';

export interface Column<Row> {
  readonly id: string;
  /** In English, as a name of the catalogue. '' for a column without. */
  readonly title: PlainText | '';
  /** `narrow`: on a screen where the columns of wide ones are left out. */
  readonly cell: (row: Row, narrow: boolean) => ReactNode;
  /** What stands in a CSV; absent: the column is left out of it. */
  readonly text?: (row: Row) => string | number | null | undefined;
  /** As CSS grid wants it. Default: minmax(4rem, 1fr). */
  readonly width?: string;
  readonly right?: boolean;
  /** Always shown. */
  readonly fixed?: boolean;
  /** Left out where the screen is narrow. */
  readonly wideOnly?: boolean;
}

interface DataTableProps<Row> {
  /** Names it for preferences, files and screen readers. */
  readonly name: PlainText;
  /** The same ones each time, or every row is drawn again. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (row: Row) => void;
  /** Keys that do something with the row in focus. */
  readonly onKey?: (key: string, row: Row) => void;
  readonly hasMore?: boolean;
  readonly loadsMore?: boolean;
  readonly onMore?: () => void;
  /** All rows, of which a page may show the first only: what a CSV holds. Default: the rows that are here. */
  readonly readAll?: () => Promise<readonly Row[]>;
  /** In pixels. Default 40. */
  readonly rowHeight?: number;
  /** Where the screen is narrow, for cells that go on in more lines there. Default: `rowHeight`. */
  readonly narrowRowHeight?: number;
  readonly empty: ReactNode;
  /** Tools left of the column chooser. */
  readonly tools?: ReactNode;
  readonly total?: number | null;
}

const none: readonly string[] = [];
const grid =
  'grid items-center gap-x-3 px-4 [grid-template-columns:var(--narrow)] md:[grid-template-columns:var(--wide)]';

/** A list of any length: only the rows in sight are in the page. Arrow keys walk, Enter opens. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, columns, rows, keyOf, onOpen, hasMore = false, loadsMore = false, onMore } = props;
  const wideHeight = props.rowHeight ?? 40;
  const isNarrow = useIsNarrow();
  const rowHeight = isNarrow ? (props.narrowRowHeight ?? wideHeight) : wideHeight;
  const hidden = usePreferences((state) => state.hidden[name]) ?? none;
  const toggleColumn = usePreferences((state) => state.toggleColumn);
  const shown = useMemo(
    () => columns.filter((column) => column.fixed || !hidden.includes(column.id)),
    [columns, hidden],
  );
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    // A scroll need not be drawn before the browser goes on: rows above and below it stand ready.
    useFlushSync: false,
    initialRect: { width: 800, height: 480 },
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadsMore && rows.length > 0 && lastIndex >= rows.length - 20) onMore?.();
  }, [hasMore, loadsMore, lastIndex, rows.length, onMore]);

  const template = shown.map(({ width }) => width ?? 'minmax(4rem, 1fr)').join(' ');
  const narrow = shown
    .filter(({ wideOnly }) => !wideOnly)
    .map(({ width }) => width ?? 'minmax(4rem, 1fr)')
    .join(' ');
  const style = { '--wide': template, '--narrow': narrow } as React.CSSProperties;

  // One listener for all rows: rows need nothing of their own, and are drawn again only when they change.
  const rowOf = (event: SyntheticEvent): readonly [HTMLElement, Row] | null => {
    const element = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    const row = rows[Number(element?.dataset['index'] ?? -1)];
    return element && row ? [element, row] : null;
  };
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const found = rowOf(event);
    if (found) onOpen?.(found[1]);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const found = rowOf(event);
    if (!found || event.target !== found[0]) return;
    const [element, row] = found;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      event.currentTarget
        .querySelector<HTMLElement>(`[data-index="${Number(element.dataset['index']) + step}"]`)
        ?.focus();
    } else if (event.key === 'Enter') onOpen?.(row);
    else if (event.key === ' ' && props.onSelect) {
      event.preventDefault();
      props.onSelect(row);
    } else props.onKey?.(event.key, row);
  };
  const [exports, setExports] = useState(false);
  const exportCsv = async () => {
    setExports(true);
    try {
      writeCsv(props.readAll ? await props.readAll() : rows);
    } catch (error) {
      tellRefused(error instanceof Error ? error.message : say('The rows could not be read. Try again.'));
    } finally {
      setExports(false);
    }
  };
  const writeCsv = (all: readonly Row[]) => {
    const written = shown.filter((column) => column.text);
    download(
      `${name}.csv`,
      toCsv(
        written.map(({ title }) => (title === '' ? '' : say(title))),
        all.map((row) => written.map((column) => column.text?.(row))),
      ),
    );
  };

  return (
    <div className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        {props.tools}
        <div className="ml-auto flex items-center gap-2">
          <span className="nums text-xs text-faint">{howMany(rows.length, props.total ?? null, hasMore)}</span>
          <Button
            variant="ghost"
            size="icon"
            icon="download"
            aria-label={props.readAll ? say('Download all rows as CSV') : say('Download what is shown as CSV')}
            title={say('CSV')}
            busy={exports}
            onClick={() => void exportCsv()}
          />
          <Menu
            trigger={
              <Button
                variant="ghost"
                size="icon"
                icon="columns3"
                aria-label={say('Choose columns')}
                title={say('Columns')}
              />
            }
          >
            <MenuLabel>{say('Columns')}</MenuLabel>
            {columns
              .filter(({ fixed }) => !fixed)
              .map((column) => (
                <MenuCheck
                  key={column.id}
                  stays
                  checked={!hidden.includes(column.id)}
                  onChange={() => toggleColumn(name, column.id)}
                >
                  {column.title === '' ? '' : say(column.title)}
                </MenuCheck>
              ))}
          </Menu>
        </div>
      </div>
      {rows.length === 0 ? (
        props.empty
      ) : (
        <div
          ref={frame}
          role="table"
          aria-label={say(name)}
          aria-rowcount={rows.length + 1}
          className="max-h-[70vh] overflow-auto"
          style={style}
        >
          <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
            <div role="row" className={classes(grid, 'h-9 text-xs text-faint')}>
              {shown.map((column) => (
                <div
                  key={column.id}
                  role="columnheader"
                  className={classes(
                    'truncate font-medium',
                    column.right && 'text-right',
                    column.wideOnly && 'hidden md:block',
                  )}
                >
                  {column.title === '' ? '' : say(column.title)}
                </div>
              ))}
            </div>
          </div>
          <div
            role="rowgroup"
            className="relative"
            style={{ height: virtual.getTotalSize() }}
            onKeyDown={onKeyDown}
            onClick={onOpen ? onClick : undefined}
          >
            {items.map(({ index, start }) => {
              const row = rows[index]!;
              const key = keyOf(row);
              return (
                <TableRow
                  key={key}
                  row={row}
                  index={index}
                  start={start}
                  height={rowHeight}
                  isNarrow={isNarrow}
                  columns={shown}
                  isSelected={props.selected?.has(key)}
                  opens={onOpen !== undefined}
                />
              );
            })}
          </div>
          {loadsMore && (
            <div role="status" className="p-3 text-center text-xs text-faint">
              {say('Loading more …')}
            </div>
          )}
        </div>
      )}
    </div>
  );
}

interface TableRowProps<Row> {
  readonly row: Row;
  readonly index: number;
  /** Its upper edge, in pixels. */
  readonly start: number;
  readonly height: number;
  readonly isNarrow: boolean;
  readonly columns: readonly Column<Row>[];
  readonly isSelected: boolean | undefined;
  readonly opens: boolean;
}

function RowInSight<Row>({ row, index, start, height, isNarrow, columns, isSelected, opens }: TableRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      tabIndex={0}
      className={classes(
        grid,
        'absolute inset-x-0 border-b border-line text-sm outline-offset-[-2px]',
        opens && 'cursor-pointer hover:bg-sunken',
        isSelected && 'bg-accent-wash',
      )}
      style={{ height, transform: `translateY(${start}px)` }}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="cell"
          className={classes(
            'min-w-0 truncate',
            column.right && 'nums text-right',
            column.wideOnly && 'hidden md:block',
          )}
        >
          {column.cell(row, isNarrow)}
        </div>
      ))}
    </div>
  );
}

/** While a table is scrolled, rows that stay in sight are not drawn again. */
const TableRow = memo(RowInSight) as typeof RowInSight;

/** "100 of 1,234", or without a total "100+ rows". */
function howMany(shown: number, total: number | null, hasMore: boolean): string {
  if (total !== null) return say('{shown} of {total}', { shown: exactly(shown), total: exactly(total) });
  return shown === 1 && !hasMore
    ? say('1 row')
    : say('{shown} rows', { shown: `${exactly(shown)}${hasMore ? '+' : ''}` });
}
