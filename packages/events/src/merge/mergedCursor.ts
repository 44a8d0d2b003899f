import { createHash } from 'node:crypto';
import { CodedError } from '@tributary/contracts/errors';
import type { StreamId } from '@tributary/contracts/events';
import { startOfStream } from '../streamCursor.js';
import type { StreamPosition } from '../streamCursor.js';

/** Where a reader of several streams at once stands: everything up to and including these events is behind it. */
export interface MergedPosition {
  /** The stream of the item that it stands at; null where it stands at none. */
  readonly at: StreamId | null;
  /** Without the streams that it says nothing of. */
  readonly positions: ReadonlyMap<StreamId, StreamPosition>;
}

const version = 2;
const digestBytes = 8;
const positionBytes = 12;
const none = 255;
/** Beyond every sequence: the cursor says nothing of this stream. */
const unread = 2 ** 48 - 1;

/**
 * Opaque text that names (workspace, merge, a position in each of its streams). `streams`: all that the merge may ever read, in an order
 * that stays: a new one is put at the end, and old cursors say nothing of it.
 */
export function encodeMergedCursor(
  workspaceId: string,
  name: string,
  streams: readonly StreamId[],
  { at, positions }: MergedPosition,
): string {
  const bytes = Buffer.alloc(lengthFor(streams.length));
  bytes.writeUInt8(version, 0);
  bytes.writeUInt8(at === null ? none : streams.indexOf(at), 1 + digestBytes);
  streams.forEach((stream, n) => {
    const { sequence, mark } = positions.get(stream) ?? { ...startOfStream, sequence: unread };
    const offset = lengthFor(n);
    bytes.writeUIntBE(sequence, offset, 6);
    bytes.write(mark, offset + 6, 'hex');
  });
  digestOf(workspaceId, name, bytes).copy(bytes, 1);
  return bytes.toString('base64url');
}

/** Null when it is well formed but of another workspace or merge, or was changed. Throws INVALID_INPUT when the text is no cursor of ours. */
export function decodeMergedCursor(
  workspaceId: string,
  name: string,
  streams: readonly StreamId[],
  cursor: string,
): MergedPosition | null {
  const bytes = Buffer.from(cursor, 'base64url');
  const count = (bytes.length - lengthFor(0)) / positionBytes;
  const isOurs = Number.isInteger(count) && count >= 1 && bytes.readUInt8(0) === version;
  if (!isOurs || bytes.toString('base64url') !== cursor)
    throw new CodedError(
      'INVALID_INPUT',
      '`after` is not a cursor that this merge of streams gave out. Start again without it.',
      { field: 'after' },
    );
  if (count > streams.length || !bytes.subarray(1, 1 + digestBytes).equals(digestOf(workspaceId, name, bytes)))
    return null;
  const place = bytes.readUInt8(1 + digestBytes);
  if (place !== none && place >= count) return null;
  const positions = new Map<StreamId, StreamPosition>();
  for (const [n, stream] of streams.slice(0, count).entries()) {
    const offset = lengthFor(n);
    const sequence = bytes.readUIntBE(offset, 6);
    if (sequence !== unread)
      positions.set(stream, { sequence, mark: bytes.toString('hex', offset + 6, offset + positionBytes) });
  }
  return { at: place === none ? null : streams[place]!, positions };
}

function lengthFor(streams: number): number {
  return 1 + digestBytes + 1 + streams * positionBytes;
}

/** Of the workspace, the merge, and all that stands in the cursor. */
function digestOf(workspaceId: string, name: string, bytes: Buffer): Buffer {
  const said = bytes.subarray(1 + digestBytes);
  return createHash('sha256').update(`${workspaceId}/merged/${name}/`).update(said).digest().subarray(0, digestBytes);
}
