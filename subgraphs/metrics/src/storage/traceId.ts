import { createHash } from 'node:crypto';

/**
 * The id of a trace: a UUIDv7 of when it began and of 74 bits of SHA-256 of its external id. The same trace sent again has the same id,
 * rows of a period lie together, and a period is a range of ids.
 */
export function traceIdOf(startedAt: Date, externalId: string): string {
  const bytes = createHash('sha256').update(externalId).digest().subarray(0, 10);
  bytes[0] = 0x70 | (bytes[0]! & 0x0f);
  bytes[2] = 0x80 | (bytes[2]! & 0x3f);
  return uuidOf(startedAt, bytes.toString('hex'));
}

/** When the trace of this id began. */
export function startedAtOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** Not above the id of any trace that began at `moment` or later, and above all others. */
export function firstIdAt(moment: Date): string {
  return uuidOf(moment, '0'.repeat(20));
}

function uuidOf(moment: Date, rest: string): string {
  const time = moment.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`;
}
