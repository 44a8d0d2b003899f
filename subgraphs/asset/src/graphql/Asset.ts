import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { maskEmail, maskPersonalData } from '@tributary/kernel';
import { mayDo } from '@tributary/contracts/actions';
import { Allow, countedConnectionType, DateTimeScalar, JsonObjectScalar, MaskedWithout, Node } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { AssetColumns, AssetPart } from '../domain/model.js';
import { AssetKind, AssetStatus, Criticality } from './enums.js';
import { Flow } from './stubs.js';

@ObjectType('Asset', { implements: Node, description: 'A thing of the customer’s estate that a flow found.' })
@Directive('@key(fields: "id")')
export class Asset extends Node {
  /** Not in the graph: its bare uuid, and what has been read of it. */
  uuid!: string;
  columns!: AssetColumns;

  @Field(() => AssetKind, { description: 'What it is.' })
  kind!: AssetKind;

  @Field(() => String, { description: 'Its name, as the source or a person wrote it.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its key in the source system. Null when the source gives none.',
  })
  externalId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Site, namespace, account or the like within which its name is unique. Null where it is in the whole workspace.',
  })
  scope!: string | null;

  @Field(() => AssetStatus, { description: 'Whether it is in use.' })
  status!: AssetStatus;

  @Field(() => String, { nullable: true, description: 'Such as production or test. Null when nobody said.' })
  environment!: string | null;

  @Field(() => String, { nullable: true, description: 'Who it belongs to. Null when nobody said.' })
  department!: string | null;

  @Field(() => Criticality, { description: 'How much depends on it.' })
  criticality!: Criticality;

  @Field(() => String, {
    nullable: true,
    description: 'Its name in the network. Null when it has none or nobody said.',
  })
  hostname!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its address in the network. Null when it has none or nobody said.',
  })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'Name and version. Null when nobody said.' })
  operatingSystem!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'E-mail address of who answers for it, masked (j***@acme.example) unless ADMIN or OWNER. Null when nobody said.',
  })
  @MaskedWithout('asset.readPersonal')
  ownerEmail!: string | null;

  @Field(() => [String], { description: 'Labels, from the source or from a person.' })
  tags!: readonly string[];

  @Field(() => JsonObjectScalar, {
    description:
      'All that the source said and no field holds, by the source’s names. Personal data in it is masked unless ADMIN or OWNER.',
  })
  @MaskedWithout('asset.readPersonal')
  attributes!: Readonly<Record<string, unknown>>;

  @Field(() => DateTimeScalar, { description: 'When a flow found it for the first time.' })
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When a flow saw it last, changed or not.' })
  lastSeenAt!: Date;

  @Field(() => Flow, {
    nullable: true,
    description: 'The flow that saw it last. Null without the action flow.read.',
  })
  @Allow('flow.read')
  discoveredBy!: Flow | null;

  @Field(() => Int, {
    description:
      'Goes up by one with every change by a person or a source. Changes name the version that they were decided upon.',
  })
  version!: number;
}

export const AssetConnection = countedConnectionType<Asset>(() => Asset, 'Asset');

/** What `columns` leave out is undefined: no field that is asked for. */
export function toAsset(record: AssetPart, columns: AssetColumns, { principal }: GraphqlContext): Asset {
  const unmasked = mayDo(principal, 'asset.readPersonal');
  const asset = new Asset();
  asset.uuid = record.id;
  asset.columns = columns;
  asset.id = encodeId('asset', record.id);
  asset.kind = record.kind as AssetKind;
  asset.name = record.name;
  asset.status = record.status as AssetStatus;
  asset.criticality = record.criticality as Criticality;
  asset.firstSeenAt = record.firstSeenAt;
  asset.version = record.version;
  if (columns.has('details')) {
    const { externalId, scope, environment, department, hostname, ipAddress, operatingSystem, tags } = record;
    Object.assign(asset, { externalId, scope, environment, department, hostname, ipAddress, operatingSystem, tags });
    asset.ownerEmail = unmasked || !record.ownerEmail ? record.ownerEmail! : maskEmail(record.ownerEmail);
  }
  if (columns.has('attributes'))
    asset.attributes = unmasked ? record.attributes! : maskPersonalData(record.attributes!);
  if (columns.has('sighting')) {
    asset.lastSeenAt = record.lastSeenAt!;
    asset.discoveredBy = record.discoveredByFlowId ? Flow.of(record.discoveredByFlowId) : null;
  }
  return asset;
}
