import { CodedError } from '@tributary/contracts/errors';
import { decodeCursor, encodeCursor } from '@tributary/kernel';

export interface PageRequest {
  readonly first: number;
  readonly after: string | null;
}

export interface Page<Item> {
  /** In the list's order, each with the cursor to go on behind it. */
  readonly items: readonly { readonly item: Item; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Throws INVALID_INPUT unless `first` is a whole number of 1 to 100. */
export function checkedFirst(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > 100) {
    throw new CodedError('INVALID_INPUT', '`first` must be 1 to 100.', { field: 'first' });
  }
  return first;
}

/** The sort values behind `after`, or null at the start of the list. Throws INVALID_INPUT for a cursor of another kind of list. */
export function positionAfter(list: string, after: string | null, values: number): (string | number | null)[] | null {
  if (after === null) return null;
  const position = decodeCursor(list, after);
  if (position.length !== values) decodeCursor(`${list}/other`, after);
  return position;
}

/** Makes a page of `first` items from rows of which one more than `first` was asked for. */
export function toPage<Item>(
  list: string,
  request: PageRequest,
  rows: readonly Item[],
  sortValues: (item: Item) => (string | number | null)[],
): Page<Item> {
  const items = rows.slice(0, request.first).map((item) => ({
    item,
    // Most pages are read for their nodes alone.
    get cursor() {
      return encodeCursor(list, sortValues(item));
    },
  }));
  return { items, hasNextPage: rows.length > request.first, hasPreviousPage: request.after !== null };
}
