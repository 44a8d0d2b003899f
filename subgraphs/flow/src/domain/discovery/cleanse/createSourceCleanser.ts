import { checkMappings, type MappingDecision } from '../mapping/checkMappings.js';
import { checkSourceMappings } from '../mapping/checkSourceMappings.js';
import { readAssetKind } from '../normalise/assetKind.js';
import { toWords } from '../normalise/words.js';
import { decisionsFor, fieldOf, tablesOf, type TableProfile } from '../profile/tablesOf.js';
import { withNotes } from '../profile/withNotes.js';
import { SourceError } from '../sourceErrors.js';
import type { RejectedRow, SheetPlace } from '../sourceRecord.js';
import { withApart } from './withApart.js';
import {
  createCleanser,
  type CleanBatch,
  type Cleanser,
  type CleanserOptions,
  type TableCleanser,
} from './createCleanser.js';

/** The cleanser of a whole source: of its only table, or one for each of its sheets. Throws SourceError NO_NAME_COLUMN. */
export function createSourceCleanser(mappings: readonly MappingDecision[], options: CleanserOptions): Cleanser {
  const { profile } = options;
  if (profile.sheets === undefined) return createCleanser(mappings, options);
  const problem = checkSourceMappings(profile, mappings).find(({ sourceField }) => sourceField === null);
  if (problem !== undefined) throw new SourceError('NO_NAME_COLUMN', problem.message);
  const tables = tablesOf(profile);
  const cleansers = new Map(
    tables.flatMap((table) => {
      const cleanser = cleanserOf(table, mappings, options);
      return cleanser === null ? [] : [[table.sheet!, cleanser] as const];
    }),
  );
  return {
    isConnections: [...cleansers.values()].every(({ isConnections }) => isConnections),
    cleanse(batch) {
      const cleanser = cleansers.get(batch.sheet!.name);
      if (cleanser === undefined) return { ...nothing, leftOut: batch.records.length + batch.rejected.length };
      const clean = cleanser.cleanse(batch);
      return { ...clean, rejected: clean.rejected.map((row) => placed(row, batch.sheet!)) };
    },
    personalData: () =>
      [...cleansers].flatMap(([sheet, cleanser]) =>
        cleanser.personalData().map((finding) => ({ ...finding, column: fieldOf(sheet, finding.column) })),
      ),
    learned() {
      const notes = [...cleansers.values()].flatMap((cleanser) => cleanser.notes());
      const sheets = profile.sheets!.map((sheet) => {
        const repeatedNames = cleansers.get(sheet.name)?.repeatedNames() ?? null;
        return repeatedNames === null ? sheet : { ...sheet, repeatedNames };
      });
      const isSame = notes.length === 0 && sheets.every((sheet, index) => sheet === profile.sheets![index]);
      const keptApart = [...cleansers.values()].reduce((sum, cleanser) => sum + cleanser.keptApart(), 0);
      return isSame ? null : withApart({ ...withNotes(profile, notes), sheets }, keptApart);
    },
  };
}

const nothing: Omit<CleanBatch, 'leftOut'> = { assets: [], dependencies: [], rejected: [] };

/** Null for a sheet that names nothing: its rows become nothing. */
function cleanserOf(
  table: TableProfile,
  mappings: readonly MappingDecision[],
  { profile: _, sourceName, ...options }: CleanserOptions,
): TableCleanser | null {
  const decisions = decisionsFor(table, mappings);
  const columns = table.profile.columns.map(({ name }) => name);
  if (checkMappings(decisions, columns).some(({ sourceField }) => sourceField === null)) return null;
  const tellsKind = readAssetKind(toWords(table.sheet!)) !== null;
  const hint = tellsKind ? table.sheet! : sourceName;
  return createCleanser(decisions, {
    ...options,
    profile: table.profile,
    sheet: table.sheet!,
    ...(hint === undefined ? {} : { sourceName: hint }),
  });
}

/** A row's line is the one in its sheet; stored, it has to be unique in the source. */
function placed(row: RejectedRow, { name, linesBefore }: SheetPlace): RejectedRow {
  return { ...row, line: row.line + linesBefore, message: `${name}: ${row.message}` };
}
