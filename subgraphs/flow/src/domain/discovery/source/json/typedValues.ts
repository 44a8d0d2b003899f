import { isObject, type JsonObject } from './jsonValue.js';

const mainNames = [
  'display_value',
  'name',
  'Name',
  'label',
  'value',
  'address',
  'display',
  'displayName',
  'title',
] as const;
/** Fields that show a reference to something, or a word with its code, rather than a thing that is described here. */
const referenceFields =
  /^(id|_id|uuid|url|href|self|link|slug|key|code|label|value|display|display_?value|family|name|Name|address|title|displayName|description|sys_id)$/;

/**
 * The field that says what an object stands for, when the object only refers to something: `{"value":"active","label":"Active"}`,
 * `{"display_value":"Ann","link":…}`, `{"id":3,"name":"Edge Router","slug":…}`. Null when the object is a thing of its own.
 */
export function mainField(value: JsonObject): string | null {
  const keys = Object.keys(value);
  if (keys.length < 2 || keys.length > 8) return null;
  if (!keys.every((key) => referenceFields.test(key) || !isScalarText(value[key]))) return null;
  if (keys.some((key) => isObject(value[key]) || Array.isArray(value[key]))) return null;
  const refers = keys.some((key) =>
    /^(id|_id|uuid|url|href|self|link|slug|label|display|display_?value|sys_id)$/.test(key),
  );
  if (!refers) return null;
  // A label is for people, the value beside it for programs: the value is the steadier word.
  const order = 'value' in value && 'label' in value ? (['value'] as const) : mainNames;
  return order.find((name) => isScalar(value[name])) ?? null;
}

function isScalar(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';
}

function isScalarText(value: unknown): boolean {
  return typeof value === 'string';
}

/** Names of things in a list, or their `key:value`; null when one of them has neither. */
export function wordsOfObjects(items: readonly JsonObject[]): string[] | null {
  const words = items.map((item) => {
    const tag = item['tag'] ?? item['key'] ?? item['Key'];
    const value = item['value'] ?? item['Value'];
    if (typeof tag === 'string') return isScalar(value) ? `${tag}:${String(value)}` : tag;
    const name = mainNames.map((field) => item[field]).find((field) => typeof field === 'string' && field !== '');
    return typeof name === 'string' ? name : null;
  });
  return words.every((word) => word !== null) ? words : null;
}

const types = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M']);

/** A record of DynamoDB without the type around each of its values: `{"S":"web"}` is `web`. Other records stay as they are. */
export function withoutTypes(record: object): object {
  const fields = Object.values(record);
  if (fields.length === 0 || !fields.every(isTyped)) return record;
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, bare(value as JsonObject)]));
}

function isTyped(value: unknown): boolean {
  if (!isObject(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && types.has(keys[0]!);
}

function bare(value: JsonObject): unknown {
  const [[type, inner]] = Object.entries(value) as [[string, unknown]];
  if (type === 'NULL') return null;
  if (type === 'L') return (inner as unknown[]).map((item) => (isTyped(item) ? bare(item as JsonObject) : item));
  if (type === 'M') return isObject(inner) ? withoutTypes(inner) : inner;
  return inner;
}
