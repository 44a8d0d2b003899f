import type { BatchFetchNode, FetchNode, FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import type { ExecutionResult, OperationTypeNode } from 'graphql';
import { Entities, Representations } from './Entities.js';
import { compileEntityPath, namesOn, type EntityPath } from './entityPath.js';
import { errorOfCall, errorsOfEntities } from './errorPlaces.js';
import { plannedCall, usedVariables } from './plannedCall.js';
import type { PlanRun, Step } from './PlanRun.js';
import { compileRepresentation, type Representation } from './representations.js';
import { compileRewrites, type Rewrite } from './rewrites.js';
import type { TypeConditions } from './TypeConditions.js';

/** One `_entities` of a call. */
interface EntityField {
  /** Its key in the call's answer. */
  readonly key: string;
  /** The variable with its representations; several fields may share one. */
  readonly variable: string;
  readonly paths: readonly EntityPath[];
  readonly representation: Representation;
  readonly rewrite: Rewrite | null;
}

interface EntityCall {
  readonly node: FetchNode | BatchFetchNode;
  readonly fields: readonly EntityField[];
  /** Changes the whole answer. */
  readonly rewrite: Rewrite | null;
  readonly otherwise: readonly string[];
}

/** A call for the entities that stand at a path. */
export function compileFlatten(
  node: FetchNode,
  path: readonly FlattenNodePathSegment[],
  operationType: OperationTypeNode,
  types: TypeConditions,
): Step {
  const field: EntityField = {
    key: '_entities',
    variable: 'representations',
    paths: [compileEntityPath(path, types)],
    representation: compileRepresentation(node.requires ?? [], node.inputRewrites, types),
    rewrite: null,
  };
  const rewrite = compileRewrites(node.outputRewrites, types);
  return compileEntityCall({ node, fields: [field], rewrite, otherwise: namesOn(path) }, operationType);
}

/** Calls for entities of one subgraph at many paths, made as one. */
export function compileBatchFetch(node: BatchFetchNode, operationType: OperationTypeNode, types: TypeConditions): Step {
  const fields = node.entityBatch.aliases.map((batched): EntityField => {
    const { alias, paths, requires, inputRewrites, outputRewrites, representationsVariableName } = batched;
    return {
      key: alias,
      variable: representationsVariableName,
      paths: paths.map((path) => compileEntityPath(path, types)),
      representation: compileRepresentation(requires, inputRewrites, types),
      rewrite: compileRewrites(outputRewrites, types),
    };
  });
  const otherwise = namesOn(node.entityBatch.aliases[0]?.paths[0] ?? []);
  return compileEntityCall({ node, fields, rewrite: null, otherwise }, operationType);
}

function compileEntityCall({ node, fields, rewrite, otherwise }: EntityCall, operationType: OperationTypeNode): Step {
  const call = plannedCall(node, operationType);
  return (run) => {
    const asked = new Map<string, Representations>();
    const entities = fields.map(({ variable, paths, representation }) => {
      let representations = asked.get(variable);
      if (!representations) asked.set(variable, (representations = new Representations()));
      const found = new Entities(representations);
      for (const path of paths) found.collect(run.data, path, representation);
      return found;
    });
    const variables = { ...usedVariables(run, node.variableUsages) };
    let isEmpty = true;
    for (const [variable, { list }] of asked) {
      variables[variable] = list;
      if (list.length > 0) isEmpty = false;
    }
    if (isEmpty) return undefined;
    const placesOf = (key: string, index: number) =>
      entities[fields.findIndex((field) => field.key === key)]?.placesOf(index) ?? [];
    const take = ({ data, errors }: ExecutionResult): void => {
      if (errors) run.errors.push(...errorsOfEntities(errors, placesOf, otherwise));
      if (!data) return;
      rewrite?.(data);
      fields.forEach((field, at) => {
        const told = data[field.key];
        if (!Array.isArray(told)) return;
        field.rewrite?.(told);
        entities[at]!.take(told);
      });
    };
    return asking(run, variables).then(take, (error: unknown) => void run.errors.push(errorOfCall(error, otherwise)));
  };

  async function asking(run: PlanRun, variables: Record<string, unknown>): Promise<ExecutionResult> {
    return (await run.call(call, variables)) as ExecutionResult;
  }
}
