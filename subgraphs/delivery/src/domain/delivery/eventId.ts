import { createHash } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The id of an event for a receiver, derived from the webhook and the event's place in its log, so that it is the same in a retry, after a
 * crash and in a replay: `evt_` and the UUIDv5 of it (RFC 9562) in base32 (RFC 4648), small letters. It holds no ".", which a signature
 * is split at.
 */
export function eventIdOf(webhookId: string, log: string, sequence: number): string {
  const namespace = Buffer.from(webhookId.replaceAll('-', ''), 'hex');
  const bytes = createHash('sha1').update(namespace).update(`${log}/${sequence}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `evt_${base32(bytes)}`;
}

function base32(bytes: Uint8Array): string {
  let [text, held, bits] = ['', 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31];
}
