import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';

/** What a workspace's audit trail was at a moment: its last number and the hash there, which covers everything before. */
export interface AuditCheckpoint {
  readonly workspaceId: string;
  readonly number: number;
  readonly hash: Buffer;
  readonly at: Date;
  /** Ed25519, over all of the above. */
  readonly signature: Buffer;
}

export type AuditMark = Omit<AuditCheckpoint, 'signature'>;

/** The key that signs checkpoints, from PKCS #8 in PEM. Throws when it is another kind of key. */
export function readAuditSigningKey(pem: string): KeyObject {
  return asEd25519(() => createPrivateKey(pem.replaceAll('\\n', '\n')));
}

/** The keys that checkpoints are checked with: public ones or private ones in PEM, one after the other. */
export function readAuditVerifyingKeys(pem: string): readonly KeyObject[] {
  const blocks = pem.replaceAll('\\n', '\n').match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  if (blocks.length === 0) throw new Error('must be Ed25519 keys in PEM');
  return blocks.map((block) => asEd25519(() => createPublicKey(block)));
}

export function signMark(mark: AuditMark, key: KeyObject): AuditCheckpoint {
  return { ...mark, signature: sign(null, signedText(mark), key) };
}

export function isGenuine(checkpoint: AuditCheckpoint, keys: readonly KeyObject[]): boolean {
  return keys.some((key) => verify(null, signedText(checkpoint), key, checkpoint.signature));
}

/** A line of a checkpoint file: JSON, so that it can be kept where no part of the product reaches, such as a ticket or a vault. */
export function toLine({ workspaceId, number, hash, at, signature }: AuditCheckpoint): string {
  return JSON.stringify({
    workspaceId,
    number,
    hash: hash.toString('hex'),
    at: at.toISOString(),
    signature: signature.toString('base64'),
  });
}

const line = z.object({
  workspaceId: z.uuid(),
  number: z.number().int().positive(),
  hash: z.hex().transform((text) => Buffer.from(text, 'hex')),
  at: z.iso.datetime().transform((text) => new Date(text)),
  signature: z.base64().transform((text) => Buffer.from(text, 'base64')),
});

/** The checkpoints of a file of lines. Throws with the number of a line that is none. */
export function fromLines(text: string): AuditCheckpoint[] {
  const checkpoints: AuditCheckpoint[] = [];
  text.split('\n').forEach((content, index) => {
    if (content.trim() === '') return;
    try {
      checkpoints.push(line.parse(JSON.parse(content)));
    } catch (cause) {
      throw new Error(`Line ${index + 1} is no audit checkpoint.`, { cause });
    }
  });
  return checkpoints;
}

function signedText({ workspaceId, number, hash, at }: AuditMark): Buffer {
  return Buffer.from(
    `tributary audit checkpoint\n${workspaceId}\n${number}\n${hash.toString('hex')}\n${at.toISOString()}`,
  );
}

function asEd25519(read: () => KeyObject): KeyObject {
  let key: KeyObject | null = null;
  try {
    key = read();
  } catch {
    // What OpenSSL says of a broken key helps nobody, and may quote it.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error('must be an Ed25519 key in PEM');
  return key;
}
