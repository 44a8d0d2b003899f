import { Directive, Field, Float, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { countedConnectionType, DateTimeScalar, Node } from '@tributary/server';
import type { DefinitionTrial, TriedAsset } from '../domain/discovery/definitions/tryDefinition.js';
import type { SourceDefinitionRow } from '../domain/flow/records.js';
import { FieldMapping } from './DiscoveryFlow.js';
import { MappingStatus } from './enums.js';

@ObjectType({
  implements: Node,
  description:
    'What a workspace says itself of a source that it imports: how it is recognised, and what its fields mean.',
})
@Directive('@key(fields: "id")')
export class SourceDefinition extends Node {
  @Field(() => String, { description: 'What people call it: the name in its content.' })
  name!: string;

  @Field(() => String, { description: 'YAML of at most 64 KB, as docs/discovery.md says.' })
  content!: string;

  @Field(() => Int, { description: 'Counts its changes; a change must name the one that it was decided on.' })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was changed last.' })
  updatedAt!: Date;
}

export const SourceDefinitionConnection = countedConnectionType(() => SourceDefinition, 'SourceDefinition');

@ObjectType({ description: 'An edge that an asset of a trial would have.' })
export class TrialEdge {
  @Field(() => String, { description: 'What it is, such as runs_on.' })
  kind!: string;

  @Field(() => String, { description: 'The other end, as the sample names it.' })
  to!: string;
}

@ObjectType({ description: 'An asset that a sample would become.' })
export class TrialAsset {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'What it is: a value of AssetKind.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'Its key in the source. Null: it has none.' })
  externalId!: string | null;

  @Field(() => String, { description: 'Where it stands: a value of AssetStatus.' })
  status!: string;

  @Field(() => String, { nullable: true, description: 'Its name in the network. Null: not said.' })
  hostname!: string | null;

  @Field(() => String, { nullable: true, description: 'Its first usable address. Null: not said.' })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'Such as production. Null: not said.' })
  environment!: string | null;

  @Field(() => String, { nullable: true, description: 'Within what its name is unique. Null: in the workspace.' })
  scope!: string | null;

  @Field(() => [TrialEdge], { description: 'What it would depend on or be a part of.' })
  edges!: TrialEdge[];
}

@ObjectType({ description: 'What a definition makes of a sample. Nothing of it is stored.' })
export class SourceDefinitionTrial {
  @Field(() => Boolean, { description: 'Whether the sample shows the definition’s marks.' })
  recognised!: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the first records that show all of the marks, 0 to 1. Null: not recognised.',
  })
  confidence!: number | null;

  @Field(() => Int, { description: 'Records that could be read.' })
  rows!: number;

  @Field(() => Int, { description: 'Rows that would be rejected.' })
  rejected!: number;

  @Field(() => [FieldMapping], { description: 'What would become of each column, in the sample’s order.' })
  columns!: FieldMapping[];

  @Field(() => [TrialAsset], { description: 'The first 20 assets. Empty when nothing names them.' })
  assets!: TrialAsset[];
}

export function toSourceDefinition({
  id,
  name,
  content,
  version,
  createdAt,
  updatedAt,
}: SourceDefinitionRow): SourceDefinition {
  return Object.assign(new SourceDefinition(), {
    id: encodeId('source', id),
    name,
    content,
    version,
    createdAt,
    updatedAt,
  });
}

export function toSourceDefinitionTrial(trial: DefinitionTrial): SourceDefinitionTrial {
  return Object.assign(new SourceDefinitionTrial(), {
    recognised: trial.recognised,
    confidence: trial.confidence,
    rows: trial.rows,
    rejected: trial.rejected,
    columns: trial.columns.map((column) =>
      Object.assign(new FieldMapping(), { ...column, status: MappingStatus.SUGGESTED }),
    ),
    assets: trial.assets.map(toTrialAsset),
  });
}

function toTrialAsset({ asset, edges }: TriedAsset): TrialAsset {
  const { name, kind, externalId, status, hostname, ipAddress, environment, scope } = asset;
  return Object.assign(new TrialAsset(), {
    ...{ name, kind, externalId, status, hostname, ipAddress, environment, scope },
    edges: edges.map(({ kind: edge, to }) => Object.assign(new TrialEdge(), { kind: edge, to: to.text })),
  });
}
