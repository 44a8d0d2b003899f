import { toWords } from '../normalise/words.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import { decisionsFor, fieldOf, tablesOf, type TableProfile } from '../profile/tablesOf.js';
import { checkMappings } from './checkMappings.js';
import { suggestMappings, type RememberedMapping, type SuggestedMapping } from './suggestMappings.js';

interface SuggestedTable {
  readonly table: TableProfile;
  readonly mappings: readonly SuggestedMapping[];
}

export interface SourceSuggestions {
  /** For every column of every table. */
  readonly mappings: SuggestedMapping[];
  /** Sheets whose rows become nothing. */
  readonly leftOut: readonly string[];
}

/** Suggests for each table of a source alone, and leaves the sheets out that list no assets of their own. */
export function suggestSourceMappings(
  profile: SourceProfile,
  remembered: readonly RememberedMapping[] = [],
): SourceSuggestions {
  const tables = tablesOf(profile).map((table): SuggestedTable => ({
    table,
    mappings: suggestMappings(table.profile, decisionsFor(table, remembered)),
  }));
  const named = tables.filter(namesAssets);
  const reasons = new Map(tables.map((each) => [each, named.length === 0 ? null : reasonToLeaveOut(each, named)]));
  return {
    mappings: tables.flatMap((each) => {
      const reason = reasons.get(each) ?? null;
      return each.mappings.map((mapping) => ({
        ...mapping,
        sourceField: fieldOf(each.table.sheet, mapping.sourceField),
        ...(reason === null ? {} : { targetField: null, confidence: 0, reason }),
      }));
    }),
    leftOut: tables.flatMap((each) => ((reasons.get(each) ?? null) === null ? [] : [each.table.sheet!])),
  };
}

function namesAssets({ table, mappings }: SuggestedTable): boolean {
  return (
    checkMappings(
      mappings,
      table.profile.columns.map(({ name }) => name),
    ).length === 0
  );
}

/** Null: its rows are assets or edges. Disks and snapshots of the machines that another sheet lists are details of those. */
function reasonToLeaveOut(each: SuggestedTable, named: readonly SuggestedTable[]): string | null {
  const { sheet, profile } = each.table;
  if (sheet === null) return null;
  if (!named.includes(each)) return `The sheet ${sheet} names no assets, so its rows become none.`;
  if (profile.recognised !== null) return null;
  const naming = namingColumn(each);
  if (naming === null) return null;
  const main = named.find(
    (other) =>
      other !== each &&
      toWords(namingColumn(other)?.name ?? '') === toWords(naming.name) &&
      isListOfAssets(other) &&
      (other.table.profile.recognised !== null || named.indexOf(other) < named.indexOf(each)),
  );
  if (main === undefined) return null;
  const repeats = !isListOfAssets(each);
  const hasOtherKey = targetColumn(main, 'externalId') !== targetColumn(each, 'externalId');
  if (!repeats && !hasOtherKey) return null;
  return `The sheet ${sheet} has details of the assets that ${main.table.sheet} lists. Its rows become none.`;
}

function isListOfAssets(each: SuggestedTable): boolean {
  const column = namingColumn(each);
  return column !== null && column.distinct >= column.filled * 0.9;
}

function namingColumn(each: SuggestedTable) {
  const name = targetColumn(each, 'name') ?? targetColumn(each, 'hostname') ?? targetColumn(each, 'externalId');
  return each.table.profile.columns.find((column) => toWords(column.name) === name) ?? null;
}

function targetColumn({ mappings }: SuggestedTable, target: string): string | null {
  const found = mappings.find(({ targetField }) => targetField === target);
  return found === undefined ? null : toWords(found.sourceField);
}
