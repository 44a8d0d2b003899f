import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { GraphFacts } from './GraphFacts.js';

/** Items of a list that nothing bounds, neither its arguments nor its `@listSize`. */
const unboundedListItems = 10;
/** Items of a page of which nothing says how long it is. */
const defaultPageItems = 50;
/** Items of a page whose size is a variable that is not known yet: the most that any page has. */
const largestPageItems = 100;

export interface CostedOperation {
  readonly graph: Pick<GraphFacts, 'schema' | 'listSizes' | 'sizedFields' | 'weights'>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly operation: OperationDefinitionNode;
  /** As sent. Null: not known, so every page counts as the largest, and every `@include` as taken. */
  readonly variables: Readonly<Record<string, unknown>> | null;
}

export interface OperationCost {
  readonly cost: number;
  /** To where most of it goes: field names with dots between, such as `flows.nodes.assets.nodes`. */
  readonly mostExpensive: string;
}

/** What a selection costs: once, and again for each item of the connection that it stands in. */
interface SelectionCost {
  readonly once: number;
  readonly perItem: number;
  /** The mostExpensive field, and what is mostExpensive below it. */
  readonly mostExpensive: Step | null;
}

interface Step {
  readonly name: string;
  readonly weight: number;
  readonly below: Step | null;
}

const free: SelectionCost = { once: 0, perItem: 0, mostExpensive: null };
/** Stays exact in a double however many of them are added. */
const endless = 1e12;

/**
 * What an operation may cost at most, before anything of it is run: 1 for each object of the answer, own scalars 0, where
 * no `@cost` says another weight. A list counts as often as its `@listSize` says: by arguments such as `first`, or by what
 * is assumed; the `edges` and `nodes` of a page as often as the page says. Of the types that
 * an interface or a union stands for, the mostExpensive counts. Fields that are written twice count twice. Each selection is looked
 * at once for each type that it can apply to, so fragments that spread fragments cost no more than the document is long.
 */
export function operationCost(costed: CostedOperation): OperationCost {
  const root = costed.graph.schema.getRootType(costed.operation.operation);
  if (!root) return { cost: 0, mostExpensive: '' };
  const { once, mostExpensive } = new Coster(costed).selection(costed.operation.selectionSet, root);
  const path: string[] = [];
  for (let step = mostExpensive; step; step = step.below) path.push(step.name);
  return { cost: once, mostExpensive: path.join('.') };
}

class Coster {
  private readonly defaults = new Map<string, ValueNode>();
  private readonly known = new Map<SelectionSetNode, Map<string, SelectionCost | 'costing'>>();

  constructor(private readonly costed: CostedOperation) {
    for (const { variable, defaultValue } of costed.operation.variableDefinitions ?? []) {
      if (defaultValue) this.defaults.set(variable.name.value, defaultValue);
    }
  }

  selection(selectionSet: SelectionSetNode, type: GraphQLCompositeType): SelectionCost {
    let byType = this.known.get(selectionSet);
    if (!byType) this.known.set(selectionSet, (byType = new Map<string, SelectionCost | 'costing'>()));
    const before = byType.get(type.name);
    // A fragment that spreads itself is refused elsewhere; here it must only not run for ever.
    if (before === 'costing') return { once: endless, perItem: 0, mostExpensive: null };
    if (before) return before;
    byType.set(type.name, 'costing');
    const cost = isAbstractType(type)
      ? this.costed.graph.schema.getPossibleTypes(type).reduce((most, possible) => {
          const one = this.ofObject(selectionSet, possible);
          return one.once + one.perItem > most.once + most.perItem ? one : most;
        }, free)
      : this.ofObject(selectionSet, type);
    byType.set(type.name, cost);
    return cost;
  }

  private ofObject(selectionSet: SelectionSetNode, type: GraphQLObjectType): SelectionCost {
    let once = 0;
    let perItem = 0;
    let mostExpensive: Step | null = null;
    for (const selection of selectionSet.selections) {
      if (this.isLeftOut(selection.directives)) continue;
      let cost: SelectionCost;
      if (selection.kind === Kind.FIELD) {
        cost = this.field(selection, type);
      } else {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : this.costed.fragments.get(selection.name.value);
        if (!fragment || !this.applies(fragment.typeCondition?.name.value, type)) continue;
        cost = this.selection(fragment.selectionSet, type);
      }
      once = Math.min(endless, once + cost.once);
      perItem = Math.min(endless, perItem + cost.perItem);
      if (cost.mostExpensive && cost.mostExpensive.weight > (mostExpensive?.weight ?? 0))
        mostExpensive = cost.mostExpensive;
    }
    return { once, perItem, mostExpensive };
  }

  private field(node: FieldNode, type: GraphQLObjectType): SelectionCost {
    const field = type.getFields()[node.name.value];
    if (!field) return free;
    const { weights, listSizes, sizedFields } = this.costed.graph;
    const coordinate = `${type.name}.${field.name}`;
    const named = getNamedType(field.type);
    if (!isCompositeType(named) || !node.selectionSet) {
      const cost = weights.get(coordinate) ?? 0;
      return { once: cost, perItem: 0, mostExpensive: stepTo(node, cost, free) };
    }
    const weight = weights.get(coordinate) ?? weights.get(named.name) ?? 1;
    const below = this.selection(node.selectionSet, named);
    const size = this.sizeOf(node, field, coordinate) ?? listSizes.get(coordinate)?.assumed ?? null;
    if (!isList(field.type)) {
      const cost = Math.min(endless, weight + below.once + below.perItem * (size ?? defaultPageItems));
      return { once: cost, perItem: 0, mostExpensive: stepTo(node, cost, below) };
    }
    const item = Math.min(endless, weight + below.once + below.perItem * defaultPageItems);
    if (size === null && sizedFields.has(coordinate))
      return { once: 0, perItem: item, mostExpensive: stepTo(node, item * defaultPageItems, below) };
    const cost = Math.min(endless, item * (size ?? unboundedListItems));
    return { once: cost, perItem: 0, mostExpensive: stepTo(node, cost, below) };
  }

  /** Items that the field's own arguments ask for; null when it has none that would say. */
  private sizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>, coordinate: string): number | null {
    const slicing = this.costed.graph.listSizes.get(coordinate)?.slicingArguments ?? [];
    let size: number | null = null;
    for (const { name, defaultValue } of field.args) {
      if (!slicing.includes(name)) continue;
      const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
      const items = (given && this.itemsIn(given)) ?? (typeof defaultValue === 'number' ? defaultValue : null);
      if (items !== null) size = Math.max(size ?? 0, items);
    }
    return size;
  }

  private itemsIn(value: ValueNode): number | null {
    if (value.kind === Kind.INT) return Math.max(0, Number(value.value));
    if (value.kind !== Kind.VARIABLE) return null;
    const { variables } = this.costed;
    if (variables === null) return largestPageItems;
    const sent = variables[value.name.value];
    // What is no number is refused when variables are read.
    if (sent !== undefined) return typeof sent === 'number' ? Math.max(0, sent) : null;
    const fallback = this.defaults.get(value.name.value);
    return fallback ? this.itemsIn(fallback) : null;
  }

  private applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = this.costed.graph.schema.getType(condition);
    return isAbstractType(wanted) && this.costed.graph.schema.isSubType(wanted, type);
  }

  private isLeftOut(directives: readonly DirectiveNode[] | undefined): boolean {
    for (const directive of directives ?? []) {
      const name = directive.name.value;
      if (name !== 'skip' && name !== 'include') continue;
      const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
      if (value && this.truthOf(value) === (name === 'skip')) return true;
    }
    return false;
  }

  private truthOf(value: ValueNode): boolean | null {
    if (value.kind === Kind.BOOLEAN) return value.value;
    if (value.kind !== Kind.VARIABLE || this.costed.variables === null) return null;
    const sent = this.costed.variables[value.name.value];
    if (sent !== undefined) return typeof sent === 'boolean' ? sent : null;
    const fallback = this.defaults.get(value.name.value);
    return fallback ? this.truthOf(fallback) : null;
  }
}

function stepTo(node: FieldNode, weight: number, below: SelectionCost): Step {
  return { name: node.name.value, weight, below: below.mostExpensive };
}

function isList(type: GraphQLOutputType): boolean {
  return isNonNullType(type) ? isList(type.ofType) : isListType(type);
}
