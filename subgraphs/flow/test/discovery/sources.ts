import type { SourceFormat } from '@tributary/contracts/values';
import { Readable } from 'node:stream';
import {
  createCleanser,
  openSource,
  profileSource,
  suggestMappings,
  type CleanAsset,
  type CleanDependency,
  type MappingDecision,
  type RejectedRow,
  type Source,
  type SourceProfile,
  type SourceRecord,
  type SuggestedMapping,
} from '../../src/domain/discovery/index.js';
import { createSourceCleanser } from '../../src/domain/discovery/cleanse/createSourceCleanser.js';
import { suggestSourceMappings } from '../../src/domain/discovery/mapping/suggestSourceMappings.js';

/** A source from memory, handed over in pieces of `pieceBytes` so that every cut is met sooner or later. */
export function sourceOf(format: SourceFormat, content: string | Uint8Array, pieceBytes = 64 * 1024): Source {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  function* pieces(): Generator<Buffer> {
    for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
  }
  return openSource({ format, open: () => Readable.from(pieces(), { objectMode: false }) });
}

export const csv = (content: string | Uint8Array, pieceBytes?: number): Source => sourceOf('CSV', content, pieceBytes);
export const json = (content: unknown, pieceBytes?: number): Source =>
  sourceOf('JSON', typeof content === 'string' ? content : JSON.stringify(content), pieceBytes);

export interface Read {
  columns: readonly string[];
  records: SourceRecord[];
  rejected: RejectedRow[];
  bytesRead: number;
}

export async function readAll(source: Source, batchRecords?: number): Promise<Read> {
  const read: Read = { columns: [], records: [], rejected: [], bytesRead: 0 };
  for await (const batch of source.batches(batchRecords === undefined ? {} : { batchRecords })) {
    read.columns = batch.columns;
    read.records.push(...batch.records);
    read.rejected.push(...batch.rejected);
    read.bytesRead = batch.bytesRead;
  }
  return read;
}

/** Rows as objects, without what is empty. */
export function rowsOf({ columns, records }: Read): Record<string, unknown>[] {
  return records.map(({ values }) =>
    Object.fromEntries(
      columns
        .map((name, index) => [name, values[index]] as const)
        .filter(([, value]) => value !== undefined && value !== ''),
    ),
  );
}

export interface Cleansed {
  profile: SourceProfile;
  mappings: SuggestedMapping[];
  assets: CleanAsset[];
  dependencies: CleanDependency[];
  rejected: RejectedRow[];
  personalData: ReturnType<ReturnType<typeof createCleanser>['personalData']>;
}

/** The three pure phases one after another, as a flow runs them. */
export async function discover(
  source: Source,
  options: { sourceName?: string; mappings?: readonly MappingDecision[] } = {},
): Promise<Cleansed> {
  const profile = await profileSource(source);
  const mappings = suggestMappings(profile);
  const cleanser = createCleanser(options.mappings ?? mappings, {
    profile,
    ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
  });
  const cleansed: Cleansed = { profile, mappings, assets: [], dependencies: [], rejected: [], personalData: [] };
  for await (const batch of source.batches()) {
    const { assets, dependencies, rejected } = cleanser.cleanse(batch);
    cleansed.assets.push(...assets);
    cleansed.dependencies.push(...dependencies);
    cleansed.rejected.push(...rejected);
  }
  cleansed.personalData = cleanser.personalData();
  return cleansed;
}

/** Targets by column, without the columns that got none. */
export function targetsOf(mappings: readonly SuggestedMapping[]): Record<string, string> {
  return Object.fromEntries(
    mappings.flatMap(({ sourceField, targetField }) => (targetField === null ? [] : [[sourceField, targetField]])),
  );
}

/** How the import of a source ends: with NONE when it does not fail. */
export async function failure(source: Source): Promise<{ code: string; message: string }> {
  try {
    await profileSource(source);
  } catch (error) {
    return error as { code: string; message: string };
  }
  return { code: 'NONE', message: '' };
}

/** The same for a source that may have several tables, with what a flow would leave out. */
export async function discoverAll(source: Source, options: { sourceName?: string } = {}): Promise<Cleansed> {
  const profile = await profileSource(source);
  const { mappings } = suggestSourceMappings(profile);
  const cleanser = createSourceCleanser(mappings, { profile, ...options });
  const cleansed: Cleansed = { profile, mappings, assets: [], dependencies: [], rejected: [], personalData: [] };
  for await (const batch of source.batches()) {
    const { assets, dependencies, rejected } = cleanser.cleanse(batch);
    cleansed.assets.push(...assets);
    cleansed.dependencies.push(...dependencies);
    cleansed.rejected.push(...rejected);
  }
  cleansed.personalData = cleanser.personalData();
  return cleansed;
}
