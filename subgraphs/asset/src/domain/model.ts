export { allColumns, assetColumns } from '../storage/assetColumns.js';
export type { AssetColumns, AssetGroup, AssetPart } from '../storage/assetColumns.js';
export type { FacetRecord } from '../storage/assetStatements.js';
export type { EdgeKey, SaidRecord } from '../storage/sourceStatements.js';
export type { DependencyRecord } from '../storage/dependencyStatements.js';
export type { ImpactRecord } from '../storage/impactStatements.js';
export type { GroupRecord, LinkRecord } from '../storage/mapStatements.js';
