import { isObject } from '../json/jsonValue.js';

/** A value of a document with the way to it, so that a path can step back. */
export interface PathNode {
  readonly value: unknown;
  readonly parent: PathNode | null;
  /** The key that it has in its parent's map; null in a list. */
  readonly key: string | null;
}

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'items' }
  | { readonly kind: 'where'; readonly name: string; readonly equals: string }
  | { readonly kind: 'values' }
  | { readonly kind: 'key' }
  | { readonly kind: 'parent' };

export function rootOf(value: unknown): PathNode {
  return { value, parent: null, key: null };
}

/**
 * The small language in which definitions say where something is: `spec.nodeName`, `items[]` for each of a list, `[?k=='v']` for those of
 * a list that have a field, `*` for each value of a map, `@key` for its key there, `^` for the object around, `"a.b"` for a name with dots,
 * `.` for the thing itself. It has no functions and always ends. Throws for what it cannot read.
 */
export class PathExpression {
  /** The dotted names, when the path has nothing else. */
  readonly plain: string | null;
  private readonly steps: readonly Step[];

  /** `text`: how a person wrote it, when that is not the path itself. `goOn` throws when there is no more time. */
  constructor(
    path: string,
    readonly text: string = path,
    private readonly goOn: (() => void) | null = null,
  ) {
    this.steps = parse(path);
    // Down again from the object around, each record would look at all of the others.
    const up = this.steps.findIndex(({ kind }) => kind === 'parent');
    if (up !== -1 && this.steps.slice(up).some(({ kind }) => kind === 'items' || kind === 'where' || kind === 'values'))
      throw new Error(`The path ${text} goes into a list behind ^. Only fields may follow it.`);
    this.plain = this.steps.every(({ kind }) => kind === 'field')
      ? this.steps.map((step) => (step as { name: string }).name).join('.')
      : null;
  }

  nodes(start: PathNode): PathNode[] {
    this.goOn?.();
    let found: PathNode[] = [start];
    for (const step of this.steps) found = found.flatMap((node) => follow(node, step));
    return found;
  }

  /** What is there and says something. */
  values(start: PathNode): unknown[] {
    return this.nodes(start)
      .map(({ value }) => value)
      .filter((value) => value !== null && value !== undefined && value !== '');
  }
}

const token = /^(?:"([^"]*)"|(\[\])|\[\?\s*([\w@.-]+)\s*==\s*'([^']*)'\s*\]|(\*)|(@key)|(\^)|([^.[\]"*^]+))/;

function parse(text: string): Step[] {
  if (text === '.') return [];
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const match = token.exec(rest);
    if (match === null) throw new Error(`The path ${text} cannot be read at "${rest}".`);
    const [whole, quoted, items, name, equals, values, key, parent, plain] = match;
    if (items !== undefined) steps.push({ kind: 'items' });
    else if (name !== undefined) steps.push({ kind: 'where', name, equals: equals! });
    else if (values !== undefined) steps.push({ kind: 'values' });
    else if (key !== undefined) steps.push({ kind: 'key' });
    else if (parent !== undefined) steps.push({ kind: 'parent' });
    else steps.push({ kind: 'field', name: quoted ?? plain! });
    rest = rest.slice(whole.length);
    if (rest.startsWith('.')) rest = rest.slice(1);
  }
  return steps;
}

function follow(node: PathNode, step: Step): PathNode[] {
  const { value } = node;
  switch (step.kind) {
    case 'field':
      return isObject(value) && Object.hasOwn(value, step.name)
        ? [{ value: value[step.name], parent: node, key: step.name }]
        : [];
    case 'items':
      return Array.isArray(value) ? value.map((item: unknown) => ({ value: item, parent: node, key: null })) : [];
    case 'where':
      return Array.isArray(value)
        ? value
            .filter((item) => isObject(item) && String(item[step.name] as string) === step.equals)
            .map((item: unknown) => ({ value: item, parent: node, key: null }))
        : [];
    case 'values':
      return isObject(value) ? Object.entries(value).map(([key, inner]) => ({ value: inner, parent: node, key })) : [];
    case 'key':
      return node.key === null ? [] : [{ value: node.key, parent: node, key: null }];
    case 'parent':
      // Out of a list means out of its object: `resources[].instances[]` goes back to the resource.
      return outer(node);
  }
}

function outer(node: PathNode): PathNode[] {
  let at = node.parent;
  while (at !== null && !isObject(at.value)) at = at.parent;
  return at === null ? [] : [at];
}
