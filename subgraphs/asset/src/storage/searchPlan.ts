import type { Parameters } from '@tributary/data';
import type { AssetCriteria } from './assetCriteria.js';

/** Terms of more assets than this are too common to start from. */
const common = 5_000;
/** The longest are the rarest, as a rule; more than these seldom help. */
const maxStarts = 2;

/** How a statement over assets is carried out when it asks for terms. */
export interface SearchPlan {
  /** `with …` to stand in front of the statement, or nothing. */
  readonly with: string;
  /** Conditions on `asset a`, each as " and …": the statement is the union of one select for each, and only one of them runs. */
  readonly branches: readonly string[];
}

/**
 * Rare terms are looked up and lead to their assets. When a term is common ("web"), that would be most of the inventory, so the list is
 * walked in its order and each row's text decides: it does not take many rows then to fill a page. Only the index knows which of the
 * two it is, so the statement looks at no more than 5,001 of its entries and then skips the branches that are not for it.
 */
export function planSearch(criteria: AssetCriteria, parameters: Parameters): SearchPlan {
  const starts = startsOf(criteria);
  if (starts.length === 0) return { with: '', branches: [''] };
  const limit = parameters.add(common, 'int');
  const lookups = starts.map(({ from, until }, index) => {
    const end = until === null ? '' : ` and term < ${parameters.add(until, 'text')}`;
    const operator = until === null ? '=' : '>=';
    return `hit${index} as materialized (select asset_id from asset_term
      where workspace_id = $1 and term ${operator} ${parameters.add(from, 'text')}${end} limit ${limit} + 1)`;
  });
  const isRare = (index: number) => `(select count(*) from hit${index}) <= ${limit}`;
  const areCommon = (indexes: number) =>
    Array.from({ length: indexes }, (_, index) => ` and (select count(*) from hit${index}) > ${limit}`).join('');
  const branches = starts.map(
    (_, index) => `${areCommon(index)} and ${isRare(index)} and a.id in (select asset_id from hit${index})`,
  );
  return { with: `with ${lookups.join(', ')} `, branches: [...branches, areCommon(starts.length)] };
}

interface Start {
  readonly from: string;
  /** End of the range; null for exactly `from`. */
  readonly until: string | null;
}

function startsOf(criteria: AssetCriteria): Start[] {
  const exact = (criteria.terms ?? []).map((term) => ({ from: term, until: null }));
  // In order of code points no text that starts with a prefix is behind this.
  const ranges = (criteria.prefixes ?? []).map((prefix) => ({ from: prefix, until: `${prefix}\u{10FFFF}` }));
  return [...exact, ...ranges].sort((one, other) => other.from.length - one.from.length).slice(0, maxStarts);
}
