import { toWords } from '../normalise/words.js';
import type { ColumnProfile, SourceProfile } from '../profile/SourceProfile.js';
import { findMappingTarget, type TargetField } from './mappingTargets.js';
import { targetsNamed } from './targetSynonyms.js';
import { strictTargets, telltaleValues, valueAgreement } from './valueAgreement.js';

export interface SuggestedMapping {
  readonly sourceField: string;
  /** Null: the column is kept under its own name in the asset's attributes. */
  readonly targetField: TargetField | null;
  /** 0 to 1. 1: approved before. 0: no target. */
  readonly confidence: number;
  /** One sentence for the person who approves. */
  readonly reason: string;
}

/** What people of this workspace approved before. A null target is a decision too: leave the column out. */
export interface RememberedMapping {
  readonly sourceField: string;
  readonly targetField: string | null;
}

interface Candidate {
  readonly column: number;
  readonly field: TargetField;
  readonly confidence: number;
  readonly reason: string;
  /** Whether the column's name stands for the field, or its values can be nothing else; a word of several meanings is not enough. */
  readonly isSure: boolean;
}

const leastConfidence = 0.4;
const connectionFields: ReadonlySet<TargetField> = new Set(['dependency.from', 'dependency.to', 'dependency.kind']);
/** Only these may be found under the last part of a path: `properties.osDisk.name` is not the asset's name. */
const nestedFields: ReadonlySet<TargetField> = new Set([
  'ipAddress',
  'hostname',
  'operatingSystem',
  'dependency.host',
  'dependency.cluster',
]);

/** A suggestion for every column, in the source's order. The best column gets a target that takes only one. */
export function suggestMappings(
  profile: SourceProfile,
  remembered: readonly RememberedMapping[] = [],
): SuggestedMapping[] {
  const approved = new Map(remembered.map((mapping) => [mapping.sourceField.toLowerCase(), mapping]));
  const chosen = new Map<number, SuggestedMapping>();
  const holders = new Map<TargetField, string>();
  profile.columns.forEach((column, index) => {
    const before = approved.get(column.name.toLowerCase());
    if (before === undefined) return;
    const target = before.targetField === null ? null : findMappingTarget(before.targetField);
    if (before.targetField !== null && target === null) return;
    if (target !== null && !target.multiple && holders.has(target.field)) return;
    if (target !== null) holders.set(target.field, column.name);
    const reason =
      target === null
        ? 'Left out when it was approved before in this workspace.'
        : 'Approved before in this workspace.';
    chosen.set(index, { sourceField: column.name, targetField: target?.field ?? null, confidence: 1, reason });
  });

  profile.columns.forEach((column, index) => {
    if (column.known === null || chosen.has(index)) return;
    const { target } = column.known;
    if (holders.has(target) && !findMappingTarget(target)!.multiple) return;
    holders.set(target, column.name);
    const reason = `${profile.recognised?.name ?? 'The source'}: this is where it has ${target}.`;
    chosen.set(index, { sourceField: column.name, targetField: target, confidence: 0.99, reason });
  });

  const hasTags = profile.columns.some(({ known }) => known?.target === 'tags');
  const candidates = rankCandidates(profile).filter(
    (candidate) => profile.recognised === null || mayComplete(candidate, profile.columns[candidate.column]!, hasTags),
  );
  const lost = new Map<number, Candidate>();
  for (const candidate of candidates) {
    if (chosen.has(candidate.column)) continue;
    if (holders.has(candidate.field) && !findMappingTarget(candidate.field)!.multiple) {
      if (!lost.has(candidate.column)) lost.set(candidate.column, candidate);
      continue;
    }
    const sourceField = profile.columns[candidate.column]!.name;
    holders.set(candidate.field, sourceField);
    chosen.set(candidate.column, {
      sourceField,
      targetField: candidate.field,
      confidence: candidate.confidence,
      reason: candidate.reason,
    });
  }
  return profile.columns.map((column, index) => chosen.get(index) ?? leftOver(column, lost.get(index), holders));
}

/** What headings may add to a known source: what its definition does not speak of, but never names, kinds, states and edges. */
const completing: ReadonlySet<TargetField> = new Set([
  'hostname',
  'ipAddress',
  'operatingSystem',
  'environment',
  'department',
  'criticality',
  'ownerEmail',
  'tags',
  'firstSeenAt',
  'lastSeenAt',
]);

function mayComplete({ field, isSure }: Candidate, { name }: ColumnProfile, hasTags: boolean): boolean {
  if (field === 'tags' && /^(tags|labels)\./i.test(name)) return !hasTags;
  return completing.has(field) && isSure && !name.includes('.');
}

function leftOver(
  column: ColumnProfile,
  loser: Candidate | undefined,
  holders: ReadonlyMap<TargetField, string>,
): SuggestedMapping {
  const reason =
    loser !== undefined
      ? `Could be ${loser.field}, but ${holders.get(loser.field)} fits better. Kept in the attributes.`
      : column.filled === 0
        ? 'The column is empty.'
        : 'No field fits its name or its values. Kept in the attributes.';
  return { sourceField: column.name, targetField: null, confidence: 0, reason };
}

function rankCandidates({ columns, rows }: SourceProfile): Candidate[] {
  const byName = columns.flatMap((column, index) => candidatesByName(column, index, rows));
  const isConnections = looksLikeConnections(byName);
  const fits = byName.filter((candidate) => connectionFields.has(candidate.field) === isConnections);
  const kept = isConnections ? fits : [...withoutLoneHost(fits), ...candidatesByValue(columns, fits)];
  return kept
    .filter((candidate) => candidate.confidence >= leastConfidence)
    .sort((left, right) => right.confidence - left.confidence || left.column - right.column);
}

function candidatesByName(column: ColumnProfile, index: number, rows: number): Candidate[] {
  const found = new Map<TargetField, number>();
  const plain = column.name.replace(/\s*[([][^)\]]*[)\]]\s*/g, ' ').replace(/^\*/, '');
  for (const variant of new Set([
    toWords(column.name),
    toWords(column.name.toLowerCase()),
    toWords(plain),
    // SCCM numbers its columns: Netbios_Name0.
    toWords(plain.replace(/(?<=[a-z])0$/i, '')),
    toWords(plain.toLowerCase()),
  ])) {
    for (const [field, score] of targetsNamed(variant)) found.set(field, Math.max(found.get(field) ?? 0, score));
  }
  const nested = column.name.split('.');
  if (nested.length > 1) {
    const last = toWords(nested[nested.length - 1]!);
    for (const [field, score] of targetsNamed(last)) {
      if (nestedFields.has(field) && score > 0.7) found.set(field, Math.max(found.get(field) ?? 0, score * 0.6));
    }
    if (/^(tags|labels)\./i.test(column.name)) found.set('tags', 0.6);
  }
  return [...found].map(([field, score]) => judge(column, index, field, score, rows));
}

function judge(column: ColumnProfile, index: number, field: TargetField, score: number, rows: number): Candidate {
  const agreement = valueAgreement(field, column, rows);
  const isSure = score >= 0.9 || (score >= 0.75 && strictTargets.has(field));
  const words = `The name ${column.name} ${score >= 0.9 ? 'stands for' : 'may stand for'} ${field}`;
  if (agreement === null) {
    const why = column.filled === 0 ? '; it has no values to check' : '';
    return {
      column: index,
      field,
      confidence: round(score * (column.filled === 0 ? 0.85 : 0.95)),
      reason: `${words}${why}.`,
      isSure,
    };
  }
  if (agreement >= 0.5) {
    return {
      column: index,
      field,
      confidence: round(score * 0.8 + agreement * 0.2),
      reason: `${words}, and its values fit.`,
      isSure,
    };
  }
  const factor = strictTargets.has(field) ? 0.3 : 0.5 + agreement * 0.5;
  return {
    column: index,
    field,
    confidence: round(score * factor),
    reason: `${words}, but few of its values look like it.`,
    isSure: isSure && !strictTargets.has(field),
  };
}

/** Nothing but an environment or a system is called so; words for importance are said of much, and a host's form has much else. */
const sureByValue: ReadonlySet<TargetField> = new Set(['environment', 'operatingSystem']);

const vocabularies: ReadonlySet<TargetField> = new Set(['kind', 'status', 'environment', 'criticality']);

/** A few words that repeat. Ids and names such as `vpc-0b29` and `db-07` hold such words too, but each its own. */
function looksLikeVocabulary(column: ColumnProfile): boolean {
  return (
    column.samples.every((sample) => !/\d$/.test(sample)) &&
    column.distinct <= 40 &&
    (column.filled < 10 || column.distinct <= column.filled / 2) &&
    !/\bids?$/.test(toWords(column.name))
  );
}

/** What people write into such a column may look like anything, and says nothing. */
const freeText =
  /\b(descriptions?|comments?|notes?|remarks?|annotations?|summary|messages?|details|beschreibung|bemerkung|kommentar|commentaires?|descripcion|observacoes|descrizione|opis|poznamka)\b/;

/** What values say by themselves, for targets that no column's name claims. Paths of nested JSON are left alone. */
function candidatesByValue(columns: readonly ColumnProfile[], byName: readonly Candidate[]): Candidate[] {
  const claimed = new Set(byName.filter(({ confidence }) => confidence >= 0.6).map(({ field }) => field));
  return telltaleValues.flatMap(({ field, shape, share, confidence, says }) =>
    columns.flatMap((column, index) => {
      const found = column.shapes[shape] ?? 0;
      if (claimed.has(field) || column.filled === 0 || found < share || column.name.includes('.')) return [];
      if (freeText.test(toWords(column.name))) return [];
      if ((field === 'externalId' || field === 'hostname') && column.distinct < column.filled * 0.95) return [];
      if (
        field === 'hostname' &&
        /\b(type|size|model|class|sku|version|image|package|file|plan|tier)\b/.test(toWords(column.name))
      )
        return [];
      if (vocabularies.has(field) && !looksLikeVocabulary(column)) return [];
      const reason = `${Math.round(found * 100)} % of its values ${says}.`;
      return [{ column: index, field, confidence, reason, isSure: sureByValue.has(field) }];
    }),
  );
}

/** Two columns that name the ends of an edge, and none that surely names the row itself. */
function looksLikeConnections(candidates: readonly Candidate[]): boolean {
  const from = candidates.filter(({ field, confidence }) => field === 'dependency.from' && confidence >= 0.7);
  const to = candidates.filter(({ field, confidence }) => field === 'dependency.to' && confidence >= 0.7);
  if (!from.some((left) => to.some((right) => left.column !== right.column))) return false;
  const ends = new Set([...from, ...to].map(({ column }) => column));
  return !candidates.some(
    ({ field, confidence, column }) =>
      (field === 'name' || field === 'hostname') && confidence >= 0.7 && !ends.has(column),
  );
}

/** In `host,ip,os` the host is the asset, not what it runs on: without another name, it names the row. */
function withoutLoneHost(candidates: readonly Candidate[]): Candidate[] {
  const isPlace = ({ field }: Candidate): boolean => field === 'dependency.host' || field === 'dependency.runsOn';
  const places = new Set(candidates.filter((candidate) => isPlace(candidate)).map(({ column }) => column));
  const named = candidates.some(
    ({ field, confidence, column }) =>
      (field === 'name' || field === 'hostname' || field === 'externalId') &&
      confidence >= leastConfidence &&
      !places.has(column),
  );
  return named ? [...candidates] : candidates.filter((candidate) => !isPlace(candidate));
}

function round(value: number): number {
  return Math.round(Math.min(0.99, value) * 100) / 100;
}
