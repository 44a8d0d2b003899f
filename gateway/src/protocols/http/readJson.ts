import { CodedError } from '@tributary/contracts/errors';
import { lostInJson, type LostValue } from '@tributary/kernel';

/** Reads JSON of a client. Throws what `notJson` makes, or INVALID_INPUT that names the value which would not arrive as it was sent. */
export function readJson(text: string, notJson: () => CodedError): unknown {
  let lost: LostValue | null;
  let value: unknown;
  try {
    value = JSON.parse(text);
    lost = lostInJson(text);
  } catch {
    throw notJson();
  }
  if (lost) throw lostValue(lost);
  return value;
}

/** A value below `variables` is named as the operation knows it. */
export function lostValue({ path, message }: LostValue): CodedError {
  const [first, ...below] = path;
  const place = first === 'variables' && below.length > 0 ? below : path;
  return new CodedError('INVALID_INPUT', message, { field: place.join('.').slice(0, 200) });
}
