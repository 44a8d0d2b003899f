import { uuidOf } from '@tributary/contracts/ids';
import type { EntityTag } from '@tributary/contracts/ids';

/** Bare uuids of a filter's ids; one of another type fits nothing and is left out. Throws INVALID_INPUT for what is no id. */
export function filterIds(tag: EntityTag, ids: readonly string[] | null | undefined): string[] | null {
  return ids ? ids.map((id) => uuidOf(tag, id)).filter((uuid) => uuid !== null) : null;
}
