import { CodedError } from '@tributary/contracts/errors';
import { Kind, visit, type DocumentNode, type ValueNode } from 'graphql';
import type { OperationLimits } from '../settings.js';

type InputLimits = Pick<OperationLimits, 'listItems' | 'inputDepth'>;

/** Lists of bulk mutations, by the name of their input field. */
const bulkLists: ReadonlyMap<string, number> = new Map([
  ['traces', 1_000],
  ['mappings', 10_000],
]);

/**
 * Refuses variables that hold longer lists or deeper nesting than any field takes, and names that reach into an object's
 * prototype once a library merges them. Throws INVALID_INPUT that names the place.
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>, limits: InputLimits): void {
  checkValue(variables, limits, { depth: 0, path: [], name: 'variables' });
}

interface Place {
  readonly depth: number;
  readonly path: readonly string[];
  /** Of the input field that holds the value, whatever the lists between. */
  readonly name: string;
}

function checkValue(value: unknown, limits: InputLimits, place: Place): void {
  if (typeof value !== 'object' || value === null) return;
  if (place.depth > limits.inputDepth) throw tooDeep(limits, place.path);
  if (Array.isArray(value)) {
    checkLength(value.length, limits, place.name, place.path);
    for (const item of value) checkValue(item, limits, { ...place, depth: place.depth + 1 });
    return;
  }
  for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
    const path = [...place.path, name];
    if (name === '__proto__' || (name === 'constructor' && typeof inner === 'object'))
      throw new CodedError('INVALID_INPUT', `The name "${name}" is not taken.`, { field: placeOf(path) });
    checkValue(inner, limits, { depth: place.depth + 1, path, name });
  }
}

/** The same for the values that a document itself carries. */
export function checkLiterals(document: DocumentNode, limits: InputLimits): void {
  let depth = 0;
  const names: string[] = [];
  const enter = (name: string): void => {
    if (name === '__proto__')
      throw new CodedError('INVALID_INPUT', `The name "${name}" is not taken.`, { field: placeOf([...names, name]) });
    names.push(name);
  };
  const nest = (): void => {
    depth += 1;
    if (depth > limits.inputDepth) throw tooDeep(limits, names);
  };
  visit(document, {
    Argument: { enter: ({ name }) => enter(name.value), leave: () => void names.pop() },
    ObjectField: {
      enter: ({ name, value }) => {
        if (name.value === 'constructor' && isNested(value))
          throw new CodedError('INVALID_INPUT', 'The name "constructor" is not taken.', { field: placeOf(names) });
        enter(name.value);
      },
      leave: () => void names.pop(),
    },
    ObjectValue: { enter: nest, leave: () => void (depth -= 1) },
    ListValue: {
      enter: ({ values }) => {
        nest();
        checkLength(values.length, limits, names.at(-1) ?? '', names);
      },
      leave: () => void (depth -= 1),
    },
  });
}

function isNested(value: ValueNode): boolean {
  return value.kind === Kind.OBJECT || value.kind === Kind.LIST || value.kind === Kind.VARIABLE;
}

function checkLength(length: number, { listItems }: InputLimits, name: string, path: readonly string[]): void {
  const most = Math.max(listItems, bulkLists.get(name) ?? 0);
  if (length <= most) return;
  throw new CodedError('INVALID_INPUT', `A list may have ${most} items here at most. Send several smaller ones.`, {
    limit: 'listItems',
    field: placeOf(path),
    most,
  });
}

function tooDeep({ inputDepth }: InputLimits, path: readonly string[]): CodedError {
  return new CodedError('INVALID_INPUT', `Values may be ${inputDepth} levels deep at most.`, {
    limit: 'inputDepth',
    field: placeOf(path),
    most: inputDepth,
  });
}

/** Names are the sender's, so an answer shows no more of them than helps. */
function placeOf(path: readonly string[]): string {
  return path.slice(0, 8).join('.').slice(0, 200);
}
