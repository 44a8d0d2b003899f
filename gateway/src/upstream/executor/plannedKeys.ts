import { Kind, print, visit, type DocumentNode, type FieldNode } from 'graphql';

/** What the keys begin with that are not a field's own name. No field of a schema begins like this. */
const mark = /^_key\d+_/;

/**
 * The same operations in which no key says anything but what its field and its arguments give: what a client has named
 * otherwise, or asks for with different arguments, gets keys of its own. Joins look for keys by the names of fields, and
 * would take whatever a client calls `id`; and an entity that stands in two places of an answer has one value for each key.
 */
export function withPlannedKeys(document: DocumentNode): DocumentNode {
  const values = valuesByKey(document);
  const numbers = new Map<string, number>();
  return visit(document, {
    Field: (field) => {
      const key = keyOf(field);
      const isPlain = key === field.name.value && (!field.arguments?.length || values.get(key)!.size === 1);
      if (isPlain) return field.alias ? { ...field, alias: undefined } : undefined;
      const value = `${key} ${valueOf(field)}`;
      let number = numbers.get(value);
      if (number === undefined) numbers.set(value, (number = numbers.size));
      return { ...field, alias: { kind: Kind.NAME, value: `_key${number}_${key}` } };
    },
  });
}

/** The key that the client asked for. */
export function clientKeyOf(plannedKey: string): string {
  return plannedKey.replace(mark, '');
}

function valuesByKey(document: DocumentNode): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  visit(document, {
    Field: (field) => {
      const key = keyOf(field);
      const known = values.get(key);
      if (known) known.add(valueOf(field));
      else values.set(key, new Set([valueOf(field)]));
    },
  });
  return values;
}

function keyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

function valueOf({ name, arguments: given = [] }: FieldNode): string {
  return [name.value, ...given.map((argument) => print(argument)).sort()].join(' ');
}
