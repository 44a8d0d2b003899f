import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
} from 'graphql';
import type { ExecutionResult, GraphQLField, GraphQLSchema } from 'graphql';
import { isAction } from '@tributary/contracts/actions';
import { generateSigningKey } from '@tributary/auth';
import { Database } from '@tributary/data';
import { InProcessBus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import { encodeId } from '@tributary/contracts/ids';
import { entities } from '@tributary/contracts/entities';
import type { Principal } from '@tributary/contracts/principal';
import { createLogger } from '@tributary/observability';
import { actionExtension } from '@tributary/server';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import { composeSubgraphs, embeddedSubgraphs, tablesOf } from '../../embedded/src/composeSubgraphs.js';
import type { ComposedSubgraphs } from '../../embedded/src/composeSubgraphs.js';

let composed: ComposedSubgraphs;
let database: Database;

beforeAll(async () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const definitions = embeddedSubgraphs({
    signingKey: generateSigningKey().privateKeyPem,
    uploads: new DiskUploadStore('unused'),
  });
  database = await Database.open({
    url: 'postgres://nobody@127.0.0.1:1/none',
    entities: tablesOf(definitions),
    logger,
  });
  composed = composeSubgraphs({ database, bus: new InProcessBus(), logger, definitions });
  await Promise.all(composed.subgraphs.map((subgraph) => subgraph.load()));
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
    fields: fieldsOf(subgraph.graphql.declared),
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

/** Whose an entity is. Others may refer to it, or add fields to it. */
const owners: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(entities).map(([name, { subgraph }]) => [name, subgraph]),
);

/** The object types that a field can answer with, through lists and connections. */
function typesBehind(field: GraphQLField<unknown, unknown>, schema: GraphQLSchema): string[] {
  const type = getNamedType(field.type);
  if (isAbstractType(type)) return schema.getPossibleTypes(type).map(({ name }) => name);
  const nodes = isObjectType(type) ? type.getFields()['nodes'] : undefined;
  return nodes ? [type.name, getNamedType(nodes.type).name] : [type.name];
}

const namesAction = ({ field }: DeclaredField): boolean => isAction(String(field.extensions[actionExtension]));

test('every entity has an owner', () => {
  const entities = composed.subgraphs.flatMap(({ graphql }) =>
    [...graphql.sdl.matchAll(/^type (\w+)[^\n{]*@key/gm)].map((match) => match[1]!),
  );
  expect(entities.length).toBeGreaterThan(10);
  expect(entities.filter((name) => !(name in owners))).toEqual([]);
});

test('no entity is shown to whoever may do nothing, whichever way it is asked for', async () => {
  const principal = { workspaceId: newUuid(), actor: { kind: 'user', id: newUuid() }, role: 'NOBODY', scopes: null };
  const document = parse('query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }');
  for (const [typeName, { subgraph: owner, tag }] of Object.entries(entities)) {
    const subgraph = composed.subgraphs.find(({ name }) => name === owner)!;
    const of = [{ __typename: typeName, id: encodeId(tag, newUuid()) }];
    const context = {
      principal: principal as unknown as Principal,
      requestId: 'r-test',
      deadline: Deadline.in(10_000),
    };
    const { errors } = (await subgraph.execute({ document, variables: { of }, context })) as ExecutionResult;
    expect([typeName, errors?.map(({ extensions }) => extensions['code'])]).toEqual([
      typeName,
      ['INSUFFICIENT_PERMISSIONS'],
    ]);
  }
});

test('every field that joins another subgraph’s data names an action', () => {
  const joins = composed.subgraphs.flatMap(({ name: subgraph, graphql }) =>
    fieldsOf(graphql.declared).filter(({ field, type }) => {
      if (field.name === 'id' || type.endsWith('Connection') || type.endsWith('Edge')) return false;
      const isForeign = (name: string): boolean => (owners[name] ?? subgraph) !== subgraph;
      return isForeign(type) || typesBehind(field, graphql.declared).some(isForeign);
    }),
  );
  const names = joins.map(({ name }) => name);
  for (const known of ['Flow.assets', 'Flow.metrics', 'Flow.alerts', 'Alert.flow', 'Trace.flow', 'Flow.createdBy'])
    expect(names).toContain(known);
  expect(joins.filter((join) => !namesAction(join)).map(({ name }) => name)).toEqual([]);
});

/** What tells of people, or lets somebody in. */
const sensitive = /email|secret|^token$|scopes|lastUsedAt|auditLog|invitations|^(actor|raw|before|after|attributes)$/i;
/** Sensitive by name and free of an action of its own, with the reason. */
const reviewed: Readonly<Record<string, string>> = {
  'AuditEntry.actor': 'entries are reached through Workspace.auditLog alone, which needs audit.read',
  'AuditEntry.before': 'as AuditEntry.actor',
  'AuditEntry.after': 'as AuditEntry.actor',
  'AlertRuleComparison.after': 'what a rule would have done: the query needs alertRule.read',
  'AlertRuleComparison.before': 'as AlertRuleComparison.after',
  'Invitation.email': 'invitations are reached through Workspace.invitations and mutations that need member.invite',
  'CreateApiKeyPayload.secret': 'the mutation needs apiKey.write',
  'RollApiKeyPayload.secret': 'the mutation needs apiKey.write',
  'InviteMemberPayload.token': 'the mutation needs member.invite',
  'CreateWebhookPayload.secret': 'the mutation needs webhook.write',
  'RollWebhookSecretPayload.secret': 'the mutation needs webhook.write',
  'Webhook.secrets': 'ids and times, without a key; webhooks need webhook.read',
  'SignInSession.lastUsedAt': 'sessions are the caller’s own, by their user id',
  'StoredOperation.lastUsedAt': 'the list needs apiKey.read',
};

test('every sensitive field names an action, or a reason why it needs none', () => {
  const found = declared().flatMap(({ fields }) => fields.filter(({ field }) => sensitive.test(field.name)));
  expect(found.length).toBeGreaterThan(5);
  const open = found.filter((field) => !namesAction(field)).map(({ name }) => name);
  expect([...new Set(open)].filter((name) => !(name in reviewed)).sort()).toEqual([]);
  expect(Object.keys(reviewed).filter((name) => !open.includes(name))).toEqual([]);
});

test('every coordinate that a client sees has a description', () => {
  const silent: string[] = [];
  const look = (name: string, { description }: { readonly description?: string | null | undefined }): void => {
    if (!description) silent.push(name);
  };
  const api = buildSchema(readFileSync('schema/api.graphql', 'utf8'));
  const ours = Object.values(api.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  for (const type of ours) {
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (!('getFields' in type)) continue;
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field);
      for (const argument of 'args' in field ? field.args : [])
        look(`${type.name}.${field.name}(${argument.name}:)`, argument);
    }
  }
  expect(silent).toEqual([]);
});

test('every field says what it is, but the ids of what another subgraph owns and describes', () => {
  const silent = declared().flatMap(({ subgraph, fields }) =>
    fields
      .filter(({ field, type }) => !(field.name === 'id' && (owners[type] ?? subgraph) !== subgraph))
      .filter(({ field }) => !field.description)
      .map(({ name }) => `${subgraph}: ${name}`),
  );
  expect(silent).toEqual([]);
});
