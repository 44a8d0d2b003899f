import type { Parameters } from '@tributary/data';
import { asStartOfTerm, asTerm } from './searchText.js';

/** Which assets a list is about: every part that is not null must hold. */
export interface AssetCriteria {
  readonly kind: readonly string[] | null;
  readonly status: readonly string[] | null;
  readonly environment: readonly string[] | null;
  readonly department: readonly string[] | null;
  readonly criticality: readonly string[] | null;
  /** Terms that the asset must all have. */
  readonly terms: readonly string[] | null;
  /** Starts of terms that the asset must all have. */
  readonly prefixes: readonly string[] | null;
  /** Bare uuids. */
  readonly flowIds: readonly string[] | null;
  /** True when no asset can fit. */
  readonly nothing: boolean;
}

/** Whether every asset is let through. */
export function isOfAll({ nothing, ...parts }: AssetCriteria): boolean {
  return !nothing && Object.values(parts).every((part) => part === null);
}

/** Facets: what counts are taken of. */
export const facetColumns = ['kind', 'status', 'environment', 'department', 'criticality'] as const;
export type FacetColumn = (typeof facetColumns)[number];

/** Conditions on `asset a` (and on `asset_sighting s` when a flow is asked for), each as " and …". */
export function whereAssets(criteria: AssetCriteria, parameters: Parameters): string {
  return (
    facetColumns.map((column) => whereFacet(criteria, column, `a.${column}`, parameters)).join('') +
    whereOthers(criteria, parameters)
  );
}

/** The condition on one facet's column, or nothing. */
export function whereFacet(
  criteria: AssetCriteria,
  facet: FacetColumn,
  column: string,
  parameters: Parameters,
): string {
  const wanted = criteria[facet];
  return wanted ? ` and ${column} = any(${parameters.add(wanted, 'text[]')})` : '';
}

/** All conditions that are not about a facet. */
export function whereOthers(criteria: AssetCriteria, parameters: Parameters): string {
  const parts: string[] = [];
  if (criteria.nothing) parts.push('false');
  if (criteria.flowIds) parts.push(`s.flow_id = any(${parameters.add(criteria.flowIds, 'uuid[]')})`);
  const contained = [...(criteria.terms ?? []).map(asTerm), ...(criteria.prefixes ?? []).map(asStartOfTerm)];
  for (const text of contained) parts.push(`strpos(a.search_text, ${parameters.add(text, 'text')}) > 0`);
  return parts.map((part) => ` and ${part}`).join('');
}
