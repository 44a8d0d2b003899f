import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { Selection } from '@tributary/server';
import { assetColumns } from '../domain/model.js';
import type { AssetColumns, AssetGroup } from '../domain/model.js';

/** The group in which each field's columns are. What is not here is always read, or reads for itself. */
const groupOf: Readonly<Record<string, AssetGroup>> = {
  externalId: 'details',
  scope: 'details',
  environment: 'details',
  department: 'details',
  hostname: 'details',
  ipAddress: 'details',
  operatingSystem: 'details',
  ownerEmail: 'details',
  tags: 'details',
  attributes: 'attributes',
  lastSeenAt: 'sighting',
  discoveredBy: 'sighting',
};

/** By the field's nodes, which graphql-js gives each execution anew and all items of a list alike. */
const known = new WeakMap<readonly FieldNode[], AssetColumns>();

/** What has to be read of the asset that this field is. */
export function columnsOfAsset(info: GraphQLResolveInfo): AssetColumns {
  return askedColumns(info, (field) => [field]);
}

/** What has to be read of the assets of the connection that this field is. */
export function columnsOfConnection(info: GraphQLResolveInfo): AssetColumns {
  return askedColumns(info, (field) => [field.below('nodes'), field.below('edges').below('node')]);
}

function askedColumns(info: GraphQLResolveInfo, assets: (field: Selection) => Selection[]): AssetColumns {
  let columns = known.get(info.fieldNodes);
  if (!columns) {
    const names = assets(Selection.of(info)).flatMap((asset) => [...asset.names()]);
    known.set(info.fieldNodes, (columns = assetColumns(names.flatMap((name) => groupOf[name] ?? []))));
  }
  return columns;
}
