import { CodedError } from '@tributary/contracts/errors';

/** An id of so many bytes in lower-case hex. Throws INVALID_INPUT for another length, other characters, and an id of zeros alone. */
export function hexId(text: string, bytes: number, field: string): string {
  const id = text.toLowerCase();
  if (id.length === bytes * 2 && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id)) return id;
  throw new CodedError('INVALID_INPUT', `${field} has ${bytes} bytes, which are not all zero.`, { field });
}
