import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../operations/fragmentsOf.js';
import { clientKeyOf } from './plannedKeys.js';

/** What an object of an answer may hold, by planned key. Null: a value that has no selection, whatever is in it. */
type Shape = Map<string, Shape | null>;

/** Gives the answer of an operation the keys that its client asked for. */
export class ClientKeys {
  private readonly shape: Shape = new Map();

  /** `planned`: what came out of `withPlannedKeys`. */
  constructor(planned: DocumentNode, operation: OperationDefinitionNode) {
    collect(operation.selectionSet, fragmentsOf(planned), this.shape);
  }

  inData<Data>(data: Data): Data {
    return renamed(data, this.shape) as Data;
  }

  inErrors(errors: readonly GraphQLError[]): GraphQLError[] {
    return errors.map((error) => {
      const path = error.path?.map((step) => (typeof step === 'string' ? clientKeyOf(step) : step));
      return path ? new GraphQLError(error.message, { path, originalError: error }) : error;
    });
  }
}

/** Types do not matter: a key of one name has one shape, whichever fragments it stands in. */
function collect(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  into: Shape,
): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, fragments, into);
    else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value);
      if (fragment) collect(fragment.selectionSet, fragments, into);
    } else {
      const key = selection.alias?.value ?? selection.name.value;
      const inside: Shape | null = into.get(key) ?? (selection.selectionSet ? new Map() : null);
      into.set(key, inside);
      if (selection.selectionSet && inside) collect(selection.selectionSet, fragments, inside);
    }
  }
}

function renamed(value: unknown, shape: Shape): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, shape));
  if (typeof value !== 'object' || value === null) return value;
  const answer = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value)) {
    const inside = shape.get(key);
    answer[clientKeyOf(key)] = inside ? renamed(inner, inside) : inner;
  }
  return answer;
}
