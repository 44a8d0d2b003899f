import { createHash } from 'node:crypto';
import { CodedError } from '@tributary/contracts/errors';
import type { StreamId } from '@tributary/contracts/events';

/** Where a reader stands: the event with this sequence, recognised by the first bytes of its id. Sequence 0 is before the first. */
export interface StreamPosition {
  readonly sequence: number;
  /** First 6 bytes of the event's id in hex; zeros at sequence 0. */
  readonly mark: string;
}

const version = 1;
const streamBytes = 8;
const sequenceBytes = 6;
const markBytes = 6;
const length = 1 + streamBytes + sequenceBytes + markBytes;

export const startOfStream: StreamPosition = { sequence: 0, mark: '0'.repeat(markBytes * 2) };

/** The part of an event's id that a cursor carries. The tail of a UUIDv7 is its random part. */
export function markOf(eventId: string): string {
  return eventId.replaceAll('-', '').slice(-markBytes * 2);
}

/** Opaque text of 28 characters that names (workspace, stream, sequence, event). */
export function encodeStreamCursor(workspaceId: string, stream: StreamId, position: StreamPosition): string {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt8(version, 0);
  streamDigest(workspaceId, stream).copy(bytes, 1);
  bytes.writeUIntBE(position.sequence, 1 + streamBytes, sequenceBytes);
  bytes.write(position.mark, 1 + streamBytes + sequenceBytes, 'hex');
  return bytes.toString('base64url');
}

/**
 * Reads a cursor. Null when it is well formed but of another stream or workspace: the reader then gets a reset, as for a position
 * that this stream no longer holds. Throws INVALID_INPUT when the text is no cursor of ours.
 */
export function decodeStreamCursor(workspaceId: string, stream: StreamId, cursor: string): StreamPosition | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== length || bytes.readUInt8(0) !== version || bytes.toString('base64url') !== cursor) {
    throw new CodedError(
      'INVALID_INPUT',
      '`after` is not a cursor that a stream of this graph gave out. Start again without it.',
      {
        field: 'after',
      },
    );
  }
  if (!bytes.subarray(1, 1 + streamBytes).equals(streamDigest(workspaceId, stream))) return null;
  return {
    sequence: bytes.readUIntBE(1 + streamBytes, sequenceBytes),
    mark: bytes.toString('hex', 1 + streamBytes + sequenceBytes),
  };
}

function streamDigest(workspaceId: string, stream: StreamId): Buffer {
  return createHash('sha256').update(`${workspaceId}/${stream}`).digest().subarray(0, streamBytes);
}
