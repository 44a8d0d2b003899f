import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import type { AssetCriteria } from '../storage/assetCriteria.js';
import type { AssetKind, AssetStatus, Criticality } from '@tributary/contracts/values';
import { searchedPrefixes, tagTerm } from './searchTerms.js';

/** Which assets a caller wants. Absent and null parts do not matter; no value of an empty list will do. */
export interface AssetFilter {
  readonly kind?: readonly AssetKind[] | null;
  readonly status?: readonly AssetStatus[] | null;
  readonly environment?: readonly string[] | null;
  readonly department?: readonly string[] | null;
  readonly criticality?: readonly Criticality[] | null;
  /** All of them, in any letter case. */
  readonly tags?: readonly string[] | null;
  /** Starts of words; all of them. */
  readonly search?: string | null;
  /** Public ids. */
  readonly discoveredByFlowId?: readonly string[] | null;
}

const maxSearch = 200;
const maxSearchWords = 10;
const maxValues = 250;

/** Throws INVALID_INPUT for what no list can answer. */
export function criteriaOf(filter: AssetFilter | null | undefined): AssetCriteria {
  const prefixes = readSearch(filter?.search ?? '');
  const flows = readFlows(filter?.discoveredByFlowId);
  const tags = distinct('tags', filter?.tags);
  return {
    kind: distinct('kind', filter?.kind),
    status: distinct('status', filter?.status),
    environment: distinct('environment', filter?.environment),
    department: distinct('department', filter?.department),
    criticality: distinct('criticality', filter?.criticality),
    terms: tags && [...new Set(tags.map(tagTerm))],
    prefixes,
    flowIds: flows,
    nothing: prefixes?.length === 0 || flows?.length === 0,
  };
}

function readSearch(search: string): string[] | null {
  const prefixes = search.length > maxSearch ? null : searchedPrefixes(search);
  if (search.length > maxSearch || (prefixes?.length ?? 0) > maxSearchWords) {
    throw new CodedError('INVALID_INPUT', `A search has at most ${maxSearchWords} words and ${maxSearch} characters.`, {
      field: 'filter.search',
    });
  }
  return prefixes;
}

/** Null when no flow is asked for; ids of other things belong to no flow. */
function readFlows(ids: readonly string[] | null | undefined): string[] | null {
  const wanted = distinct('discoveredByFlowId', ids);
  return wanted && wanted.map((id) => uuidOf('flow', id)).filter((uuid) => uuid !== null);
}

function distinct<Value extends string>(field: string, values: readonly Value[] | null | undefined): Value[] | null {
  if (!values) return null;
  if (values.length > maxValues) {
    throw new CodedError('INVALID_INPUT', `At most ${maxValues} values can be asked for at once.`, {
      field: `filter.${field}`,
    });
  }
  return [...new Set(values)].sort();
}
