import type { PlanNode } from '@graphql-hive/router-query-planner';
import type { GraphQLError } from 'graphql';
import {
  Kind,
  getVariableValues,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { fragmentsOf } from '../../operations/fragmentsOf.js';
import type { SelectionContext } from './collectFields.js';
import { compilePlan, compileSubscription, type CompiledSubscription } from './compilePlan.js';
import { Projection } from './Projection.js';
import { errorAt } from './errorPlaces.js';
import { clientKeyOf } from './plannedKeys.js';
import type { PlanRun, Step } from './PlanRun.js';
import type { TypeConditions } from './TypeConditions.js';
import { unexplainedNulls } from './unexplainedNulls.js';

export interface OperationToCompile {
  readonly schema: GraphQLSchema;
  readonly types: TypeConditions;
  /** With planned keys. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Null: no subgraph has to be asked. */
  readonly plan: PlanNode | null;
}

/** Each combination of @skip and @include has a projection of its own; of a document with many, only so many are kept. */
const keptProjections = 8;
const maxVariableErrors = 50;

/** All that can be known of an operation before it runs. It holds nothing of who runs it, and no variable. */
export class CompiledOperation {
  readonly step: Step | null;
  readonly subscription: CompiledSubscription | null;
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly conditions: readonly string[];
  private readonly projections = new Map<string, Projection>();

  constructor(private readonly compiled: OperationToCompile) {
    const { document, operation, plan, types } = compiled;
    const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
    this.step = plan && !isSubscription ? compilePlan(plan, operation.operation, types) : null;
    this.subscription = plan && isSubscription ? compileSubscription(plan, operation.operation, types) : null;
    this.fragments = fragmentsOf(document);
    this.conditions = conditionsIn(document);
  }

  /** Coerced, with defaults. Throws what is wrong with them: a GraphQLError, or an AggregateError of several. */
  variablesOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { schema, operation } = this.compiled;
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given, {
      maxErrors: maxVariableErrors,
    });
    if (coerced) return coerced;
    if (errors.length === 1) throw errors[0]!;
    throw new AggregateError(errors, 'The variables are not those of the operation.');
  }

  /** What the client gets of what the run has gathered. */
  answerOf({ data, errors, variables }: PlanRun): ExecutionResult {
    const run = { path: [], nulls: [] };
    const shown = this.projectionFor(variables).of(data, run);
    const told = errors.map(inClientNames);
    const all = run.nulls.length > 0 ? [...told, ...unexplainedNulls(run.nulls, told)] : told;
    return all.length > 0 ? { data: shown, errors: all } : { data: shown };
  }

  private projectionFor(variables: PlanRun['variables']): Projection {
    const key = this.conditions.map((name) => (variables[name] === true ? '1' : '0')).join('');
    let projection = this.projections.get(key);
    if (!projection) {
      const { schema, operation, types } = this.compiled;
      const conditions = Object.fromEntries(this.conditions.map((name) => [name, variables[name] === true]));
      const context: SelectionContext = { fragments: this.fragments, types, variables: conditions };
      const root = schema.getRootType(operation.operation);
      if (!root) throw new Error(`The graph has no ${operation.operation}.`);
      projection = new Projection(schema, root, operation.selectionSet, context);
      if (this.projections.size < keptProjections) this.projections.set(key, projection);
    }
    return projection;
  }
}

/** The variables that @skip and @include ask. */
function conditionsIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

function inClientNames(error: GraphQLError): GraphQLError {
  const { path } = error;
  if (!path?.some((step) => typeof step === 'string' && clientKeyOf(step) !== step)) return error;
  return errorAt(
    error,
    path.map((step) => (typeof step === 'string' ? clientKeyOf(step) : step)),
  );
}
