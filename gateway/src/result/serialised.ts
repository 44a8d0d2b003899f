import type { FormattedResult } from './operationOutcome.js';

const texts = new WeakMap<FormattedResult, string>();
const bytes = new WeakMap<FormattedResult, Buffer>();

/** A result as JSON, made once however many clients get it. */
export function serialised(result: FormattedResult): string {
  let text = texts.get(result);
  if (text === undefined) texts.set(result, (text = JSON.stringify(result)));
  return text;
}

/** The same in UTF-8. */
export function serialisedBytes(result: FormattedResult): Buffer {
  let buffer = bytes.get(result);
  if (!buffer) bytes.set(result, (buffer = Buffer.from(serialised(result))));
  return buffer;
}
