import { Readable } from 'node:stream';
import {
  checkSourceMappings,
  createSourceCleanser,
  isSourceError,
  openSource,
  profileSource,
  reasonsToAsk,
  suggestSourceMappings,
} from '@tributary/subgraph-flow/discovery';

/** How the import of a source would end, and what would stand in the inventory. */
export interface Understood {
  readonly status: 'SUCCEEDED' | 'AWAITING_APPROVAL' | 'FAILED';
  /** Of the failure, or of the first reason to ask; empty when it succeeded. */
  readonly code: string;
  /** Null: no source that we know. */
  readonly recognised: string | null;
  /** Assets and edges, a line each, sorted. */
  readonly lines: readonly string[];
}

/** What the phases of a flow do with a source, without a database. Whatever is thrown that is no SourceError is a crash. */
export async function understand(bytes: Uint8Array): Promise<Understood> {
  const source = openSource({ format: 'AUTO', open: () => Readable.from(pieces(bytes)) });
  try {
    const profile = await profileSource(source);
    const { mappings, leftOut } = suggestSourceMappings(profile);
    const recognised = profile.recognised?.id ?? null;
    const [ask] = reasonsToAsk(profile, mappings, leftOut);
    if (ask !== undefined) return { status: 'AWAITING_APPROVAL', code: ask.code, recognised, lines: [] };
    if (checkSourceMappings(profile, mappings).length > 0)
      return { status: 'FAILED', code: 'NO_NAME_COLUMN', recognised, lines: [] };
    const cleanser = createSourceCleanser(mappings, { profile });
    const lines: string[] = [];
    let rejected = 0;
    for await (const batch of source.batches()) {
      const clean = cleanser.cleanse(batch);
      rejected += clean.rejected.length;
      for (const { line: _, matchKeys: __, sourceShape: ___, attributes: ____, ...asset } of clean.assets)
        lines.push(JSON.stringify({ ...asset, tags: [...asset.tags].sort() }));
      for (const { from, kind, to } of clean.dependencies) lines.push(`${from.text} ${kind} ${to.text}`);
    }
    if (lines.length === 0) return { status: 'FAILED', code: `NO_USABLE_ROWS of ${rejected}`, recognised, lines };
    return { status: 'SUCCEEDED', code: '', recognised, lines: lines.sort() };
  } catch (error) {
    if (!isSourceError(error)) throw error;
    return { status: 'FAILED', code: error.code, recognised: null, lines: [] };
  }
}

const pieceBytes = 65_536;

function* pieces(bytes: Uint8Array): Generator<Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < buffer.length; start += pieceBytes) yield buffer.subarray(start, start + pieceBytes);
}
