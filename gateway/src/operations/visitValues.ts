import {
  getNamedType,
  TypeInfo,
  visit,
  visitInParallel,
  visitWithTypeInfo,
  type ASTNode,
  type ASTVisitor,
} from 'graphql';
import type { GraphFacts } from './GraphFacts.js';

/** How many items a list may have at the place that a visit has come to; null: what any list may have. */
export interface ListPlace {
  readonly max: number | null;
}

/** Visits a document, and knows at each value which argument or input field it is sent to, whatever the lists between. */
export function visitValues(
  node: ASTNode,
  { schema, maxItems }: Pick<GraphFacts, 'schema' | 'maxItems'>,
  visitor: (place: ListPlace) => ASTVisitor,
): void {
  const types = new TypeInfo(schema);
  const limits: (number | null)[] = [];
  const place = {
    get max() {
      return limits.at(-1) ?? null;
    },
  };
  const places: ASTVisitor = {
    Argument: {
      enter: ({ name }) => {
        const field = types.getDirective() ? null : types.getFieldDef();
        const of = `${types.getParentType()?.name}.${field?.name}(${name.value}:)`;
        limits.push((field && maxItems.get(of)) ?? null);
      },
      leave: () => void limits.pop(),
    },
    ObjectField: {
      enter: ({ name }) => {
        const type = types.getParentInputType();
        limits.push((type && maxItems.get(`${getNamedType(type).name}.${name.value}`)) ?? null);
      },
      leave: () => void limits.pop(),
    },
  };
  visit(node, visitWithTypeInfo(types, visitInParallel([places, visitor(place)])));
}
