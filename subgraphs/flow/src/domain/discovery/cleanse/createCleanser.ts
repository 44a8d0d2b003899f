import { isFormula } from '../normalise/formula.js';
import { rejectRecord, textOf } from '../rejectRow.js';
import type { RecordBatch, RejectedRow, SourceRecord } from '../sourceRecord.js';
import { checkMappings, type MappingDecision } from '../mapping/checkMappings.js';
import type { TargetField } from '../mapping/mappingTargets.js';
import type { RepeatedNames, SourceProfile } from '../profile/SourceProfile.js';
import { withNotes } from '../profile/withNotes.js';
import { SourceNotes, type SourceNote } from '../source/SourceNotes.js';
import { SourceError } from '../sourceErrors.js';
import { cleanAsset } from './cleanAsset.js';
import { cleanConnection, dependenciesOf } from './cleanDependencies.js';
import type { CleanAsset, CleanDependency, CleanResult } from './cleanResult.js';
import { planCleansing } from './CleansingPlan.js';
import { PersonalDataScanner, type PersonalDataFinding } from './personalData.js';
import { RepeatFinder } from './RepeatFinder.js';
import { RowRejection } from './RowRejection.js';
import { withApart } from './withApart.js';

export interface CleanserOptions {
  /** From the import phase, of the same source. */
  readonly profile: SourceProfile;
  /** Name of the file or source: a hint for the kind of its assets. */
  readonly sourceName?: string;
  /** Of which the rows are, in a source of several. */
  readonly sheet?: string;
  /** Count personal data column by column. Default true; phases that only read again can save the time. */
  readonly findPersonalData?: boolean;
}

export interface CleanBatch {
  readonly assets: readonly CleanAsset[];
  /** Those of the batch's assets, or of its connections. */
  readonly dependencies: readonly CleanDependency[];
  /** The batch's own rejected rows and those that cleansing rejected, by line. */
  readonly rejected: readonly RejectedRow[];
  /** Records of a sheet that becomes nothing. */
  readonly leftOut: number;
}

/**
 * Turns the records of one reading into assets and dependencies. It remembers the keys it has seen, so one reading needs one
 * cleanser, from its first record on; two readings with the same mappings and profile give the same results.
 */
export interface Cleanser {
  /** Whether the source lists connections: then there are dependencies and no assets. */
  readonly isConnections: boolean;
  cleanse(batch: RecordBatch): CleanBatch;
  personalData(): PersonalDataFinding[];
  /** The profile with what this reading noticed: names that a column told apart, and odd cells; null when there was nothing. */
  learned(): SourceProfile | null;
}

/** Of one table. */
export interface TableCleanser extends Cleanser {
  cleanseRecord(record: SourceRecord): CleanResult;
  repeatedNames(): RepeatedNames | null;
  /** What was odd in cells that cost their row nothing. */
  notes(): readonly SourceNote[];
  keptApart(): number;
}

/** Throws SourceError NO_NAME_COLUMN when the mappings leave the assets without a name. */
export function createCleanser(mappings: readonly MappingDecision[], options: CleanserOptions): TableCleanser {
  const { profile } = options;
  const problem = checkMappings(
    mappings,
    profile.columns.map(({ name }) => name),
  ).find(({ sourceField }) => sourceField === null);
  if (problem !== undefined) throw new SourceError('NO_NAME_COLUMN', problem.message);
  const plan = planCleansing({
    mappings,
    profile,
    ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
  });
  const notes = new SourceNotes(options.sheet ?? null);
  const repeats = new RepeatFinder(plan);
  const scanner = new PersonalDataScanner(profile.columns);
  const mapped = plan.attributes.flatMap((attribute, index) => (attribute === null ? [index] : []));
  const scanned = options.findPersonalData === false ? [] : columnsToScan(plan.attributes, plan.columnOf);

  function cleanseOrThrow(record: SourceRecord): CleanResult {
    for (const index of mapped) {
      const value = record.values[index];
      if (typeof value === 'string' && isFormula(value)) {
        throw new RowRejection(
          'FORMULA_CELL',
          `Line ${record.line}: ${plan.names[index]} holds a spreadsheet formula. Export values instead of formulas.`,
        );
      }
    }
    if (plan.isConnections) return { type: 'dependency', dependency: cleanConnection(plan, record) };
    const asset = cleanAsset(plan, record, notes);
    const earlier = repeats.repeats(asset, record);
    if (earlier !== null) {
      throw new RowRejection(
        'DUPLICATE_KEY',
        `Line ${record.line} has the same key as line ${earlier}: ${asset.externalId ?? asset.name}. Remove one of them, or map a column with unique ids to externalId.`,
      );
    }
    return { type: 'asset', asset, dependencies: dependenciesOf(plan, record, asset) };
  }

  function cleanseRecord(record: SourceRecord): CleanResult {
    for (const index of scanned) scanner.scan(index, textOf(record.values[index]));
    try {
      return cleanseOrThrow(record);
    } catch (error) {
      if (!(error instanceof RowRejection)) throw error;
      return { type: 'rejected', rejected: rejectRecord(record, plan.names, error.code, error.message) };
    }
  }

  return {
    isConnections: plan.isConnections,
    cleanseRecord,
    personalData: () => scanner.findings(),
    repeatedNames: () => repeats.found(),
    notes: () => notes.all,
    keptApart: () => repeats.keptApart,
    learned() {
      const repeatedNames = repeats.found();
      if (repeatedNames === null && notes.all.length === 0) return null;
      const noted = withNotes(profile, notes.all);
      return repeatedNames === null ? noted : withApart({ ...noted, repeatedNames }, repeats.keptApart);
    },
    cleanse(batch) {
      const assets: CleanAsset[] = [];
      const dependencies: CleanDependency[] = [];
      const rejected: RejectedRow[] = [];
      for (const record of batch.records) {
        const result = cleanseRecord(record);
        if (result.type === 'rejected') rejected.push(result.rejected);
        else if (result.type === 'dependency') dependencies.push(result.dependency);
        else {
          assets.push(result.asset);
          dependencies.push(...result.dependencies);
        }
      }
      if (batch.rejected.length > 0) {
        rejected.push(...batch.rejected);
        rejected.sort((left, right) => left.line - right.line);
      }
      return { assets, dependencies, rejected, leftOut: 0 };
    },
  };
}

/** Fields with a form of their own cannot hold somebody's data. */
const impersonal: readonly TargetField[] = [
  'kind',
  'status',
  'environment',
  'criticality',
  'ipAddress',
  'operatingSystem',
  'firstSeenAt',
  'lastSeenAt',
];

function columnsToScan(
  attributes: readonly unknown[],
  columnOf: Readonly<Partial<Record<TargetField, number>>>,
): number[] {
  const left = new Set(impersonal.map((field) => columnOf[field]));
  return attributes.map((_, index) => index).filter((index) => !left.has(index));
}
