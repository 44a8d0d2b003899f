import { Random } from '@tributary/kit';

/** Where the parts of a stream's cursor lie in its bytes: version, stream, sequence, mark. */
const streamAt = 1;
const sequenceAt = 9;
const markAt = 15;
const cursorBytes = 21;

/** Cursors that the system itself gave out. */
export interface GenuineCursors {
  /** Of the stream under attack, by sequence: index 0 is event 1. */
  readonly own: readonly string[];
  /** Of other streams of the same workspace. */
  readonly otherStreams: readonly string[];
  readonly otherWorkspaces: readonly string[];
  /** Of the stream under attack, from before what can be replayed. */
  readonly stale: readonly string[];
  /** Of lists: positions in pages of something else. */
  readonly lists: readonly string[];
}

export interface ForgedCursor {
  readonly kind: string;
  readonly cursor: string;
}

/** Endless forged, foreign and stale cursors, the same for the same seed; none of them is one that the stream holds. */
export function* forgeCursors(genuine: GenuineCursors, seed: number): Generator<ForgedCursor, never> {
  const random = new Random(seed);
  const below = (most: number): number => random.between(0, most - 1);
  const from = <T>(values: readonly T[]): T => random.pick(values);
  const bytesOf = (cursor: string): Buffer => Buffer.from(cursor, 'base64url');
  const changed = (cursor: string, change: (bytes: Buffer) => void): string => {
    const bytes = bytesOf(cursor);
    change(bytes);
    return bytes.toString('base64url');
  };
  // The start of a stream is the same for everybody, until something of it is gone.
  const start = changed(genuine.own[0]!, (bytes) => bytes.fill(0, sequenceAt));
  const valid = new Set([start, ...genuine.own]);

  const kinds: Record<string, () => string> = {
    'random bytes': () => random.bytes(below(40)).toString('base64url'),
    'random bytes of the right length': () => random.bytes(cursorBytes).toString('base64url'),
    'random bytes of the right version': () =>
      changed(random.bytes(cursorBytes).toString('base64url'), (bytes) => bytes.writeUInt8(1, 0)),
    truncated: () => from(genuine.own).slice(0, below(28)),
    lengthened: () => from(genuine.own) + 'A'.repeat(1 + below(8)),
    'one bit flipped': () =>
      changed(from(genuine.own), (bytes) => {
        const at = below(cursorBytes);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << below(8)), at);
      }),
    'of another stream': () => from(genuine.otherStreams),
    'of another workspace': () => from(genuine.otherWorkspaces),
    'of another workspace, under the name of this stream': () =>
      changed(from(genuine.otherWorkspaces), (bytes) =>
        bytesOf(genuine.own[0]!).copy(bytes, streamAt, streamAt, sequenceAt),
      ),
    'before what is kept': () => from(genuine.stale),
    'far ahead': () =>
      changed(from(genuine.own), (bytes) => bytes.writeUIntBE(genuine.own.length + 1 + below(2 ** 47), sequenceAt, 6)),
    'the largest number': () => changed(from(genuine.own), (bytes) => bytes.writeUIntBE(2 ** 48 - 1, sequenceAt, 6)),
    'a true number with another event': () =>
      changed(from(genuine.own), (bytes) => random.bytes(6).copy(bytes, markAt)),
    'a true event with another number': () =>
      changed(from(genuine.own), (bytes) => bytes.writeUIntBE(1 + below(genuine.own.length), sequenceAt, 6)),
    'a true event of another kind of stream': () =>
      changed(from(genuine.own), (bytes) =>
        bytesOf(from(genuine.otherStreams)).copy(bytes, streamAt, streamAt, sequenceAt),
      ),
    'the start, with a mark': () => changed(from(genuine.own), (bytes) => bytes.writeUIntBE(0, sequenceAt, 6)),
    'of a list': () => from(genuine.lists),
    'a list of garbage': () =>
      Buffer.from(
        JSON.stringify([
          from(['flows', 'assets', 'alerts', '__proto__']),
          random.bytes(4).toString('latin1'),
          below(1e9),
        ]),
      ).toString('base64url'),
    huge: () => 'A'.repeat(1_000 + below(30_000)),
    empty: () => '',
    'white space': () => from([' ', '\n', '\t\u00a0', `${from(genuine.own)} `]),
    unicode: () => from(['é', '日本語', '\u202e', '💥💥', '\u0000', `${from(genuine.own)}\u0301`]),
    'another alphabet': () => bytesOf(from(genuine.own)).toString(from(['hex', 'base64', 'latin1'] as const)) + '=',
    'a sentence': () => from(["' or 1=1 --", '{"sequence":1}', '../../alerts', 'null', '-1', '1e309', 'undefined']),
  };
  const names = Object.keys(kinds);
  for (let n = 0; ; n += 1) {
    const kind = names[n % names.length]!;
    const cursor = kinds[kind]!();
    if (!valid.has(cursor)) yield { kind, cursor };
  }
}
