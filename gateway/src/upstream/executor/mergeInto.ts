type Fields = Record<string, unknown>;

/** Puts into an object of the answer what a subgraph has said of it. What is inside `source` may become part of `target`. */
export function mergeInto(target: Fields, source: Fields): void {
  for (const key of Object.keys(source)) {
    const told = source[key];
    // A value of JSON may have it, and an assignment to it would change what all objects inherit.
    if (told === undefined || key === '__proto__') continue;
    const known = target[key];
    if (isFields(known) && isFields(told)) mergeInto(known, told);
    else if (isListOf(known, told)) mergeItems(known, told);
    else target[key] = told;
  }
}

/** The same values in objects and lists of their own, so that two places of an answer can be added to apart. */
export function copyOf<Value>(value: Value): Value;
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => copyOf(item));
  if (!isFields(value)) return value;
  const copy: Fields = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: value[key], enumerable: true, configurable: true, writable: true });
    else copy[key] = copyOf(value[key]);
  }
  return copy;
}

/** An object of an answer, and not a value that a scalar has made. */
export function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isListOf(known: unknown, told: unknown): told is unknown[] {
  return Array.isArray(known) && Array.isArray(told) && known.length === told.length;
}

function mergeItems(known: unknown, told: readonly unknown[]): void {
  const items = known as unknown[];
  told.forEach((item, index) => {
    const present = items[index];
    if (isFields(present) && isFields(item)) mergeInto(present, item);
    else if (isListOf(present, item)) mergeItems(present, item);
    else if (item !== undefined) items[index] = item;
  });
}
