import type { ColumnProfile, SourceProfile } from '../profile/SourceProfile.js';
import { decisionsFor, tablesOf } from '../profile/tablesOf.js';
import { checkMappings } from './checkMappings.js';
import { looksLikeParts } from './partNames.js';
import type { SuggestedMapping } from './suggestMappings.js';

/** Why a person has to look before a source becomes an inventory. */
export interface ReasonToAsk {
  readonly code: 'NO_HEADER' | 'NO_NAME' | 'PARTS_OF_ASSETS' | 'SEVERAL_LISTS' | 'ENCODING_IN_DOUBT';
  /** For the person, in a sentence. */
  readonly message: string;
}

/** Empty when the evidence is enough: then a source comes in by itself. Sheets that are left out are not asked about. */
export function reasonsToAsk(
  profile: SourceProfile,
  suggestions: readonly SuggestedMapping[],
  leftOut: readonly string[] = [],
): ReasonToAsk[] {
  const reasons: ReasonToAsk[] = [];
  for (const table of tablesOf(profile)) {
    if (table.sheet !== null && leftOut.includes(table.sheet)) continue;
    const where = table.sheet === null ? '' : `Sheet ${table.sheet}: `;
    for (const { code, message } of reasonsOfTable(table.profile, decisionsFor(table, suggestions)))
      if (!reasons.some((reason) => reason.code === code)) reasons.push({ code, message: where + message });
  }
  const { encoding } = profile;
  if (encoding?.doubt) {
    const { reads, instead, encoding: other } = encoding.doubt;
    reasons.push({
      code: 'ENCODING_IN_DOUBT',
      message: `It was read as ${encoding.encoding}: "${reads}". As ${other} it would be "${instead}". If that is right, start again with encoding ${other}.`,
    });
  }
  return reasons;
}

function reasonsOfTable(profile: SourceProfile, suggestions: readonly SuggestedMapping[]): ReasonToAsk[] {
  const reasons: ReasonToAsk[] = [];
  const { notes, recognised } = profile;
  if (recognised === null && notes.some(({ code }) => code === 'NO_HEADER')) {
    reasons.push({
      code: 'NO_HEADER',
      message: 'The source has no header line, so its columns have no names: say what they are.',
    });
  }
  const lists = recognised === null ? notes.find(({ code }) => code === 'SEVERAL_LISTS') : undefined;
  if (lists !== undefined) {
    reasons.push({
      code: 'SEVERAL_LISTS',
      message: `The document holds several lists. ${lists.samples[0]} was read: approve it if these are the assets, else upload the list that is meant alone, or write a definition.`,
    });
  }
  if (namesNothing(profile, suggestions)) {
    reasons.push({ code: 'NO_NAME', message: 'It is not plain which column names the assets: map one to name.' });
  }
  const naming = recognised === null ? namingColumn(profile, suggestions) : undefined;
  if (naming !== undefined && looksLikeParts(naming.samples)) {
    reasons.push({
      code: 'PARTS_OF_ASSETS',
      message: `"${naming.samples[0]}" and its like in ${naming.name} are parts of machines, such as interfaces and disks. Map the column that names the machines to name, or approve it to take each part in as an asset.`,
    });
  }
  return reasons;
}

/** Whether a person could name the assets by one of the columns: otherwise there is nothing to ask. */
export function couldNameAssets(profile: SourceProfile): boolean {
  return tablesOf(profile).some((table) =>
    table.profile.columns.some((column) => couldBeName(column, table.profile.rows)),
  );
}

/** No mapping names the assets, or only their addresses would, although a column of words is there. */
function namesNothing(profile: SourceProfile, suggestions: readonly SuggestedMapping[]): boolean {
  const problems = checkMappings(
    suggestions,
    profile.columns.map(({ name }) => name),
  );
  if (problems.length > 0) return true;
  const mapped = new Set(suggestions.map(({ targetField }) => targetField));
  if (mapped.has('name') || mapped.has('hostname') || mapped.has('dependency.from')) return false;
  if (mapped.has('externalId')) return isRunningNumber(profile, suggestions);
  const left = new Set(
    suggestions.filter(({ targetField }) => targetField === null).map(({ sourceField }) => sourceField),
  );
  return profile.columns.some((column) => left.has(column.name) && couldBeName(column, profile.rows));
}

/** The column that the assets are called by. */
function namingColumn(profile: SourceProfile, suggestions: readonly SuggestedMapping[]): ColumnProfile | undefined {
  const called = (['name', 'hostname'] as const)
    .map((target) => suggestions.find(({ targetField }) => targetField === target)?.sourceField)
    .find((field) => field !== undefined);
  return profile.columns.find(({ name }) => name === called);
}

/** Whether nothing but a number that the source counts would name the assets: nobody knows them by that. */
function isRunningNumber(profile: SourceProfile, suggestions: readonly SuggestedMapping[]): boolean {
  const id = suggestions.find(({ targetField }) => targetField === 'externalId')?.sourceField;
  const column = profile.columns.find(({ name }) => name === id);
  return column !== undefined && (column.shapes.integer ?? 0) > 0.9 && column.maxLength <= 9;
}

/** Filled, each row another text, and no address, number, date or size. */
function couldBeName({ filled, distinct, shapes, maxLength }: ColumnProfile, rows: number): boolean {
  const value = Math.max(
    ...(['ip', 'integer', 'decimal', 'date', 'size', 'mac', 'email', 'url', 'boolean', 'uuid'] as const).map(
      (shape) => shapes[shape] ?? 0,
    ),
  );
  return filled >= rows * 0.6 && distinct >= filled * 0.8 && value < 0.5 && maxLength >= 2 && maxLength <= 255;
}
