import { Kind, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

export interface OperationMeasures {
  /** Fields one below the other, the leaf included. */
  readonly depth: number;
  /** Aliased fields, each as often as its fragment is spread. */
  readonly aliases: number;
  readonly rootFields: number;
  /** All fields, each as often as its fragment is spread. */
  readonly fields: number;
}

/** Enough to know that any limit is passed, small enough never to overflow however fragments multiply. */
const plenty = 1_000_000;
const endless: OperationMeasures = { depth: plenty, aliases: plenty, rootFields: plenty, fields: plenty };
const nothing: OperationMeasures = { depth: 0, aliases: 0, rootFields: 0, fields: 0 };

/**
 * Measures an operation as it would be executed, fragments opened. Each fragment is measured once, so a document in which
 * fragments spread fragments costs no more than its own length. A fragment that spreads itself counts as endless.
 */
export function measureOperation(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): OperationMeasures {
  const known = new Map<string, OperationMeasures | 'measuring'>();

  const measureFragment = (name: string): OperationMeasures => {
    const before = known.get(name);
    if (before === 'measuring') return endless;
    if (before) return before;
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    known.set(name, 'measuring');
    const measures = measure(fragment.selectionSet);
    known.set(name, measures);
    return measures;
  };

  const measure = (selectionSet: SelectionSetNode): OperationMeasures => {
    let depth = 0;
    let aliases = 0;
    let rootFields = 0;
    let fields = 0;
    for (const selection of selectionSet.selections) {
      let below: OperationMeasures;
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? measure(selection.selectionSet) : nothing;
        below = {
          depth: inner.depth + 1,
          aliases: inner.aliases + (selection.alias ? 1 : 0),
          rootFields: 1,
          fields: inner.fields + 1,
        };
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        below = measure(selection.selectionSet);
      } else {
        below = measureFragment(selection.name.value);
      }
      depth = Math.max(depth, below.depth);
      aliases = Math.min(plenty, aliases + below.aliases);
      rootFields = Math.min(plenty, rootFields + below.rootFields);
      fields = Math.min(plenty, fields + below.fields);
    }
    return { depth, aliases, rootFields, fields };
  };

  return measure(operation.selectionSet);
}
