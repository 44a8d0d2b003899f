import { uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import type { AssetColumns, AssetPart } from '../storage/assetColumns.js';
import {
  assetsByIds,
  assetsOfFlows,
  countAssets,
  countAssetsOfFlows,
  countFacets,
  countTags,
  existingAssets,
  listAssets,
} from '../storage/assetStatements.js';
import { countsOfFlows } from '../storage/flowCountStatements.js';
import type { AssetOfFlow, FacetRecord, TagRecord } from '../storage/assetStatements.js';
import { missingSince } from '../storage/missingStatements.js';
import { sourcesOfAssets } from '../storage/sourceStatements.js';
import type { SaidRecord } from '../storage/sourceStatements.js';
import { isOfAll } from '../storage/assetCriteria.js';
import { criteriaOf } from './assetFilter.js';
import type { AssetFilter } from './assetFilter.js';
import type { AssetOrder } from './assetValues.js';
import { readPosition } from './readPosition.js';
import type { PositionPart } from './readPosition.js';

/** How many values a facet names at most. */
const facetValues = 100;

/** Reads of the inventory. */
export class AssetCatalogue {
  constructor(private readonly database: Database) {}

  /** By bare uuid; null when it is not in this workspace. All finds of a request that meet are one statement for each choice of columns. */
  byUuid(context: RequestContext, columns: AssetColumns, id: string): Promise<AssetPart | null> {
    return batchLoader<string, AssetPart>(context, `asset.byIds ${columns.key}`, async (ids) => {
      const records = await this.database.read(scopeOf(context), assetsByIds(columns, ids));
      return new Map(records.map((record) => [record.id, record]));
    }).load(id);
  }

  /** By public id. Throws INVALID_INPUT when the text is no id. */
  async byId(context: RequestContext, columns: AssetColumns, id: string): Promise<AssetPart | null> {
    const uuid = uuidOf('asset', id);
    return uuid === null ? null : this.byUuid(context, columns, uuid);
  }

  async list(
    context: RequestContext,
    columns: AssetColumns,
    filter: AssetFilter | null | undefined,
    order: AssetOrder,
    page: PageRequest,
  ): Promise<Page<AssetPart>> {
    const first = checkedFirst(page.first);
    const { list, values, shape } = pageOrders[order];
    const position = readPosition(list, page.after, shape);
    const rows = await this.database.read(
      scopeOf(context),
      listAssets(columns, criteriaOf(filter), order, position, first + 1),
    );
    return toPage(list, page, rows, (record) => values.map((value) => value(record)));
  }

  async count(context: RequestContext, filter: AssetFilter | null | undefined): Promise<number> {
    const [count] = await this.database.read(scopeOf(context), countAssets(criteriaOf(filter)));
    return count ?? 0;
  }

  facets(context: RequestContext, filter: AssetFilter | null | undefined): Promise<FacetRecord[]> {
    return this.database.read(scopeOf(context), countFacets(criteriaOf(filter), facetValues));
  }

  /** How many of the assets have each tag, commonest first; of tags that differ in letter case one stands for all. */
  tags(context: RequestContext, filter: AssetFilter | null | undefined): Promise<TagRecord[]> {
    return this.database.read(scopeOf(context), countTags(criteriaOf(filter), facetValues));
  }

  /** The assets that a flow was the last to see, in the order in which they were found. One statement for all flows of a request. */
  async ofFlow(
    context: RequestContext,
    columns: AssetColumns,
    flowId: string,
    filter: AssetFilter | null | undefined,
    page: PageRequest,
  ): Promise<Page<AssetPart>> {
    const first = checkedFirst(page.first);
    const list = 'flow.assets';
    const position = readPosition(list, page.after, ['uuid']);
    const loader = batchLoader<string, AssetOfFlow[]>(
      context,
      `asset.ofFlows ${JSON.stringify([columns.key, filter, first, position])}`,
      async (flowIds) => {
        const after = (position?.[0] as string | undefined) ?? null;
        const rows = await this.database.read(
          scopeOf(context),
          assetsOfFlows(columns, flowIds, criteriaOf(filter), after, first + 1),
        );
        return Map.groupBy(rows, (row) => row.ofFlow);
      },
    );
    const rows = (await loader.load(flowId)) ?? [];
    return toPage(list, page, rows, (record) => [record.id]);
  }

  async countOfFlow(context: RequestContext, flowId: string, filter: AssetFilter | null | undefined): Promise<number> {
    const loader = batchLoader<string, number>(
      context,
      `asset.countOfFlows ${JSON.stringify(filter)}`,
      async (flowIds) => {
        const criteria = criteriaOf(filter);
        const counts = await this.database.read(
          scopeOf(context),
          isOfAll(criteria) ? countsOfFlows(flowIds) : countAssetsOfFlows(flowIds, criteria),
        );
        return new Map(counts.map(({ id, count }) => [id, count]));
      },
    );
    return (await loader.load(flowId)) ?? 0;
  }

  /** Since when no source shows an asset that one did; null: one does. One statement for all assets of a request. */
  missingSince(context: RequestContext, id: string): Promise<Date | null> {
    return batchLoader<string, Date>(context, 'asset.missingSince', async (ids) => {
      const rows = await this.database.read(scopeOf(context), missingSince(ids));
      return new Map(rows.map(({ assetId, since }) => [assetId, since]));
    }).load(id);
  }

  /** The sources that saw an asset, the last one first. One statement for all assets of a request. */
  async sourcesOf(context: RequestContext, id: string): Promise<readonly SaidRecord[]> {
    const loader = batchLoader<string, SaidRecord[]>(context, 'asset.sourcesOf', async (ids) => {
      const rows = await this.database.read(scopeOf(context), sourcesOfAssets(ids));
      return Map.groupBy(rows, (row) => row.about);
    });
    return (await loader.load(id)) ?? [];
  }

  /** Those of the public ids that are assets of the workspace. */
  existing(context: RequestContext, uuids: readonly string[]): Promise<string[]> {
    return this.database.read(scopeOf(context), existingAssets(uuids));
  }
}

type SortValue = (record: AssetPart) => string;
const id: SortValue = (record) => record.id;

interface PageOrder {
  readonly list: string;
  readonly values: readonly SortValue[];
  readonly shape: readonly PositionPart[];
}

/** A cursor belongs to one order, so each has a list name of its own. */
const pageOrders: Record<AssetOrder, PageOrder> = {
  NAME_ASC: { list: 'assets.nameAsc', values: [(record) => record.nameKey, id], shape: ['text', 'uuid'] },
  NAME_DESC: { list: 'assets.nameDesc', values: [(record) => record.nameKey, id], shape: ['text', 'uuid'] },
  LAST_SEEN_DESC: {
    list: 'assets.lastSeen',
    values: [(record) => record.lastSeenAt!.toISOString(), id],
    shape: ['time', 'uuid'],
  },
  CREATED_DESC: { list: 'assets.created', values: [id], shape: ['uuid'] },
  KIND_ASC: {
    list: 'assets.kind',
    values: [(record) => record.kind, (record) => record.nameKey, id],
    shape: ['text', 'text', 'uuid'],
  },
  CRITICALITY_DESC: {
    list: 'assets.criticality',
    values: [(record) => record.criticality, (record) => record.nameKey, id],
    shape: ['text', 'text', 'uuid'],
  },
};
