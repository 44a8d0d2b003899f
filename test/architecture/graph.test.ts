import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import { isAction, generateSigningKey } from '@tributary/auth';
import { Database } from '@tributary/data';
import { InProcessBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { actionExtension } from '@tributary/server';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import { composeSubgraphs, subgraphModules } from '../../embedded/src/composeSubgraphs.js';
import type { ComposedSubgraphs } from '../../embedded/src/composeSubgraphs.js';

let composed: ComposedSubgraphs;
let database: Database;

beforeAll(async () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const modules = subgraphModules({
    signingKey: generateSigningKey().privateKeyPem,
    uploads: new DiskUploadStore('unused'),
  });
  database = await Database.open({
    url: 'postgres://nobody@127.0.0.1:1/none',
    entities: modules.flatMap((module) => [...module.entities]),
    logger,
  });
  composed = await composeSubgraphs({ database, bus: new InProcessBus(), logger, modules });
});
afterAll(async () => {
  await composed.close();
  await database.close();
});

interface DeclaredField {
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly type: string;
}

function fieldsOf(schema: GraphQLSchema): DeclaredField[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && (isObjectType(type) || isInterfaceType(type)))
    .flatMap((type) =>
      Object.values((type as { getFields(): Record<string, GraphQLField<unknown, unknown>> }).getFields()).map(
        (field) => ({ name: `${type.name}.${field.name}`, field, type: type.name }),
      ),
    );
}

const declared = () =>
  composed.subgraphs.map((subgraph) => ({
    subgraph: subgraph.name,
    fields: fieldsOf(subgraph.parts.graphql.declared),
  }));

test('every root field names an action of the catalogue', () => {
  const roots = declared().flatMap(({ fields }) =>
    fields.filter(({ type }) => ['Query', 'Mutation', 'Subscription'].includes(type)),
  );
  expect(roots.length).toBeGreaterThan(40);
  expect(
    roots.filter(({ field }) => !isAction(String(field.extensions[actionExtension]))).map(({ name }) => name),
  ).toEqual([]);
});

test('every field that joins another subgraph’s data names an action', () => {
  const joins = [
    'Flow.assets',
    'Flow.metrics',
    'Flow.alerts',
    'Asset.alerts',
    'Asset.discoveredBy',
    'Trace.flow',
    'Alert.flow',
    'Alert.asset',
    'Flow.createdBy',
    'Alert.acknowledgedBy',
  ];
  const withAction = new Set(
    declared().flatMap(({ fields }) =>
      fields.filter(({ field }) => isAction(String(field.extensions[actionExtension]))).map(({ name }) => name),
    ),
  );
  expect(joins.filter((name) => !withAction.has(name))).toEqual([]);
});

test('every field says what it is', () => {
  const silent = declared().flatMap(({ subgraph, fields }) =>
    fields.filter(({ field }) => !field.description).map(({ name }) => `${subgraph}: ${name}`),
  );
  expect(silent).toEqual([]);
});
