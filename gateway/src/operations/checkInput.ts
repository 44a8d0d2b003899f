import { CodedError } from '@tributary/contracts/errors';
import { whyInexact, whyUnstorable } from '@tributary/kernel';
import { Kind, type DocumentNode, type ValueNode } from 'graphql';
import type { OperationLimits } from '../settings.js';
import { checkListLength } from './checkListLengths.js';
import { fieldOf } from './fieldOf.js';
import type { GraphFacts } from './GraphFacts.js';
import { placeOfNode } from './placeOfNode.js';
import { visitValues } from './visitValues.js';

type InputLimits = Pick<OperationLimits, 'listItems' | 'inputDepth'>;
type DepthLimit = Pick<OperationLimits, 'inputDepth'>;

/**
 * Refuses variables that are nested deeper than any field takes, and names that reach into an object's
 * prototype once a library merges them. Throws INVALID_INPUT that names the place.
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>, limits: DepthLimit): void {
  checkValue(variables, limits, { depth: 0, path: [] });
}

interface Place {
  readonly depth: number;
  readonly path: readonly string[];
}

function checkValue(value: unknown, limits: DepthLimit, place: Place): void {
  if (typeof value !== 'object' || value === null) return;
  if (place.depth > limits.inputDepth) throw tooDeep(limits, place.path);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      checkValue(item, limits, { depth: place.depth + 1, path: [...place.path, String(index)] });
    return;
  }
  for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
    const path = [...place.path, name];
    if (name === '__proto__' || (name === 'constructor' && typeof inner === 'object'))
      throw new CodedError('INVALID_INPUT', `The name "${name}" is not taken.`, { field: fieldOf(path) });
    checkValue(inner, limits, { depth: place.depth + 1, path });
  }
}

/**
 * Texts, comments, words, colons and the brackets of lists. Each is taken whole wherever it begins, closed or not: an expression that
 * looked ahead for a colon or a closing quote would begin anew at every character of a long word, and take minutes.
 */
const lexemes = /"""(?:\\"""|[^])*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?|#[^\n]*|(\w+)|[[\]:]/g;

/** Refuses lists inside each other before a document is parsed: parsing two thousand of them takes more stack than there is. */
export function checkListNesting(text: string, limits: DepthLimit): void {
  let depth = 0;
  let name = '';
  let word = '';
  for (const [lexeme, asWord] of text.matchAll(lexemes)) {
    if (asWord !== undefined) word = asWord;
    else if (lexeme === ':') name = word;
    else if (lexeme === ']') depth -= 1;
    else if (lexeme === '[') depth += 1;
    if (depth > limits.inputDepth) throw tooDeep(limits, [name]);
  }
}

/** The same for the values that a document itself carries, and refuses those that would be replaced on their way. */
export function checkLiterals(
  document: DocumentNode,
  limits: InputLimits,
  graph: Pick<GraphFacts, 'schema' | 'maxItems'>,
): void {
  let depth = 0;
  const names: string[] = [];
  const enter = (name: string): void => {
    if (name === '__proto__')
      throw new CodedError('INVALID_INPUT', `The name "${name}" is not taken.`, { field: fieldOf([...names, name]) });
    names.push(name);
  };
  const nest = (): void => {
    depth += 1;
    if (depth > limits.inputDepth) throw tooDeep(limits, names);
  };
  const refuse = (why: string | null, node: ValueNode): void => {
    if (why !== null) throw new CodedError('INVALID_INPUT', why, { field: placeOfNode(document, node) });
  };
  visitValues(document, graph, (place) => ({
    VariableDefinition: { enter: ({ variable }) => enter(variable.name.value), leave: () => void names.pop() },
    Argument: { enter: ({ name }) => enter(name.value), leave: () => void names.pop() },
    StringValue: (node) => refuse(whyUnstorable(node.value), node),
    FloatValue: (node) => refuse(whyInexact(node.value), node),
    IntValue: (node) => refuse(whyInexact(node.value) ?? whyTooLong(node.value), node),
    ObjectField: {
      enter: ({ name, value }) => {
        if (name.value === 'constructor' && isNested(value))
          throw new CodedError('INVALID_INPUT', 'The name "constructor" is not taken.', { field: fieldOf(names) });
        enter(name.value);
      },
      leave: () => void names.pop(),
    },
    ObjectValue: { enter: nest, leave: () => void (depth -= 1) },
    ListValue: {
      enter: ({ values }) => {
        nest();
        checkListLength(values.length, place.max, limits, names);
      },
      leave: () => void (depth -= 1),
    },
  }));
}

const tooLong = 'A whole number in a document has 64 bits at most. Write a longer one as a text, or with an exponent.';

function whyTooLong(digits: string): string | null {
  return digits.length > 18 && BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits) ? tooLong : null;
}

function isNested(value: ValueNode): boolean {
  return value.kind === Kind.OBJECT || value.kind === Kind.LIST || value.kind === Kind.VARIABLE;
}

function tooDeep({ inputDepth }: DepthLimit, path: readonly string[]): CodedError {
  return new CodedError('INVALID_INPUT', `Values may be ${inputDepth} levels deep at most.`, {
    limit: 'inputDepth',
    field: fieldOf(path),
    most: inputDepth,
  });
}
