import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { countGroups, countLinks, hasFewEdges } from '../storage/mapStatements.js';
import type { GroupRecord, LinkRecord, MapColumn } from '../storage/mapStatements.js';
import { criteriaOf } from './assetFilter.js';
import type { AssetFilter } from './assetFilter.js';
import type { AssetDimension } from './assetValues.js';

const mostDimensions = 3;
const mostGroups = 500;
const mostLinks = 2_000;
/** A map of more is more than a statement can count while somebody waits. */
const mostEdges = 1_000_000;

const columns: Readonly<Record<AssetDimension, MapColumn>> = {
  KIND: 'kind',
  STATUS: 'status',
  ENVIRONMENT: 'environment',
  DEPARTMENT: 'department',
  CRITICALITY: 'criticality',
};

/** The estate from above: groups of assets, and what leads from one to another. */
export class AssetMap {
  constructor(private readonly database: Database) {}

  /** Most assets first, at most 500. Throws INVALID_INPUT unless it is one to three different dimensions. */
  groups(
    context: RequestContext,
    dimensions: readonly AssetDimension[],
    filter: AssetFilter | null,
  ): Promise<GroupRecord[]> {
    return this.database.read(
      scopeOf(context),
      countGroups(checkedDimensions(dimensions), criteriaOf(filter), mostGroups),
    );
  }

  /** Most dependencies first, at most 2,000. Null when the workspace has more than a million dependencies. */
  async links(
    context: RequestContext,
    dimensions: readonly AssetDimension[],
    filter: AssetFilter | null,
  ): Promise<LinkRecord[] | null> {
    const statement = countLinks(checkedDimensions(dimensions), criteriaOf(filter), mostEdges, mostLinks);
    const [[few], links] = await this.database.readBatch(scopeOf(context), [hasFewEdges(mostEdges), statement]);
    return few === true ? links : null;
  }
}

function checkedDimensions(dimensions: readonly AssetDimension[]): MapColumn[] {
  if (dimensions.length < 1 || dimensions.length > mostDimensions || new Set(dimensions).size < dimensions.length) {
    throw new CodedError('INVALID_INPUT', `\`groupBy\` takes 1 to ${mostDimensions} different dimensions.`, {
      field: 'groupBy',
    });
  }
  return dimensions.map((dimension) => columns[dimension]);
}
