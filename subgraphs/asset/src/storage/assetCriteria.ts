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

/** The values of a statement, numbered as they are mentioned; $1 is the workspace. */
export class StatementValues {
  readonly all: unknown[];

  constructor(workspaceId: string) {
    this.all = [workspaceId];
  }

  /** The placeholder of a further value. */
  place(value: unknown, type: string): string {
    return `$${this.all.push(value)}::${type}`;
  }
}

/** Facets: what counts are taken of. */
export const facetColumns = ['kind', 'environment', 'department', 'criticality'] as const;
export type FacetColumn = (typeof facetColumns)[number];

/** Conditions on `asset a` (and on `asset_sighting s` when a flow is asked for), each as " and …". */
export function whereAssets(criteria: AssetCriteria, values: StatementValues): string {
  return (
    facetColumns.map((column) => whereFacet(criteria, column, `a.${column}`, values)).join('') +
    whereOthers(criteria, values)
  );
}

/** The condition on one facet's column, or nothing. */
export function whereFacet(
  criteria: AssetCriteria,
  facet: FacetColumn,
  column: string,
  values: StatementValues,
): string {
  const wanted = criteria[facet];
  return wanted ? ` and ${column} = any(${values.place(wanted, 'text[]')})` : '';
}

/** All conditions that are not about a facet. */
export function whereOthers(criteria: AssetCriteria, values: StatementValues): string {
  const parts: string[] = [];
  if (criteria.nothing) parts.push('false');
  if (criteria.status) parts.push(`a.status = any(${values.place(criteria.status, 'text[]')})`);
  if (criteria.flowIds) parts.push(`s.flow_id = any(${values.place(criteria.flowIds, 'uuid[]')})`);
  const contained = [...(criteria.terms ?? []).map(asTerm), ...(criteria.prefixes ?? []).map(asStartOfTerm)];
  for (const text of contained) parts.push(`strpos(a.search_text, ${values.place(text, 'text')}) > 0`);
  return parts.map((part) => ` and ${part}`).join('');
}
