import { v7 } from 'uuid';

/** A new UUIDv7: time-ordered, so that new rows go to the right edge of every index. */
export function newUuid(): string {
  return v7();
}
