import { Readable } from 'node:stream';
import { CodedError } from '@tributary/contracts/errors';
import { createSourceCleanser } from '../cleanse/createSourceCleanser.js';
import type { CleanAsset, CleanDependency } from '../cleanse/cleanResult.js';
import { checkSourceMappings } from '../mapping/checkSourceMappings.js';
import type { SuggestedMapping } from '../mapping/suggestMappings.js';
import { suggestSourceMappings } from '../mapping/suggestSourceMappings.js';
import { profileSource } from '../profile/profileSource.js';
import { openSource } from '../source/openSource.js';
import { isSourceError } from '../sourceErrors.js';
import { readDefinition } from './readDefinition.js';

/** Characters of a sample: 256 KB. */
const maxSampleCharacters = 262_144;
const maxMs = 2_000;
const shownAssets = 20;

export interface TriedAsset {
  readonly asset: CleanAsset;
  readonly edges: readonly CleanDependency[];
}

/** What a definition makes of a sample. */
export interface DefinitionTrial {
  readonly recognised: boolean;
  /** Null when it was not recognised. */
  readonly confidence: number | null;
  readonly rows: number;
  readonly rejected: number;
  readonly columns: readonly SuggestedMapping[];
  /** The first 20. */
  readonly assets: readonly TriedAsset[];
}

/** Reads a sample by one definition alone, and stores nothing. Throws INVALID_INPUT for either, and when it takes longer than 2 s. */
export async function tryDefinition(content: string, sample: string, withinMs = maxMs): Promise<DefinitionTrial> {
  if (sample.length > maxSampleCharacters) throw wrongSample('A sample has at most 256 KB. Give its first records.');
  const until = performance.now() + withinMs;
  const goOn = (): void => {
    if (performance.now() > until) throw wrongSample('The trial took longer than 2 s. Give a shorter sample.');
  };
  const definition = readDefinition(content, 'input.content', goOn);
  try {
    const open = () => Readable.from([Buffer.from(sample)]);
    const source = openSource({ format: 'AUTO', open, definitions: [definition] });
    const profile = await profileSource(source, { onBatch: goOn });
    const { mappings } = suggestSourceMappings(profile);
    const facts = {
      recognised: profile.recognised !== null,
      confidence: profile.recognised?.confidence ?? null,
      rows: profile.rows,
      columns: mappings,
    };
    if (checkSourceMappings(profile, mappings).length > 0) return { ...facts, rejected: profile.rejected, assets: [] };
    const cleanser = createSourceCleanser(mappings, { profile, findPersonalData: false });
    const assets: CleanAsset[] = [];
    const edges: CleanDependency[] = [];
    let rejected = 0;
    for await (const batch of source.batches({ batchRecords: 200 })) {
      goOn();
      const clean = cleanser.cleanse(batch);
      rejected += clean.rejected.length;
      if (assets.length < shownAssets) assets.push(...clean.assets);
      edges.push(...clean.dependencies);
    }
    const shown = assets.slice(0, shownAssets).map((asset): TriedAsset => ({
      asset,
      edges: edges.filter(({ from }) => from.matchKeys?.primary === asset.matchKeys.primary),
    }));
    return { ...facts, rejected, assets: shown };
  } catch (error) {
    if (isSourceError(error)) throw wrongSample(error.message);
    throw error;
  }
}

function wrongSample(message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: 'sample' });
}
