import { CodedError } from '@tributary/contracts/errors';
import { whyInexact, whyUnstorable } from '@tributary/kernel';
import { Kind, visit, type DocumentNode, type ValueNode } from 'graphql';
import type { OperationLimits } from '../settings.js';
import { placeOfNode } from './placeOfNode.js';

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
    for (const [index, item] of value.entries())
      checkValue(item, limits, { ...place, depth: place.depth + 1, path: [...place.path, String(index)] });
    return;
  }
  for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
    const path = [...place.path, name];
    if (name === '__proto__' || (name === 'constructor' && typeof inner === 'object'))
      throw new CodedError('INVALID_INPUT', `The name "${name}" is not taken.`, { field: placeOf(path) });
    checkValue(inner, limits, { depth: place.depth + 1, path, name });
  }
}

/** Texts, comments, names of what takes a value, and the brackets of lists. */
const lexemes = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|(\w+)\s*:|[[\]]/g;

/** Refuses lists inside each other before a document is parsed: parsing two thousand of them takes more stack than there is. */
export function checkListNesting(text: string, limits: InputLimits): void {
  let depth = 0;
  let name = '';
  for (const [lexeme, argument] of text.matchAll(lexemes)) {
    if (argument !== undefined) name = argument;
    else if (lexeme === ']') depth -= 1;
    else if (lexeme === '[') depth += 1;
    if (depth > limits.inputDepth) throw tooDeep(limits, [name]);
  }
}

/** The same for the values that a document itself carries, and refuses those that would be replaced on their way. */
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
  const refuse = (why: string | null, node: ValueNode): void => {
    if (why !== null) throw new CodedError('INVALID_INPUT', why, { field: placeOfNode(document, node) });
  };
  visit(document, {
    VariableDefinition: { enter: ({ variable }) => enter(variable.name.value), leave: () => void names.pop() },
    Argument: { enter: ({ name }) => enter(name.value), leave: () => void names.pop() },
    StringValue: (node) => refuse(whyUnstorable(node.value), node),
    FloatValue: (node) => refuse(whyInexact(node.value), node),
    IntValue: (node) => refuse(whyInexact(node.value) ?? whyTooLong(node.value), node),
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

const tooLong = 'A whole number in a document has 64 bits at most. Write a longer one as a text, or with an exponent.';

function whyTooLong(digits: string): string | null {
  return digits.length > 18 && BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits) ? tooLong : null;
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
