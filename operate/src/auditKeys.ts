import type { KeyObject } from 'node:crypto';
import { readAuditSigningKey, readAuditVerifyingKeys } from '@tributary/data/audit';
import { ConfigError } from '@tributary/kernel';
import type { OperateConfig } from './config.js';
import type { OperatorDatabase } from './openForOperator.js';

/** The key that signs audit checkpoints. */
export function auditSigningKey({ secrets }: OperatorDatabase, config: OperateConfig): KeyObject {
  const pem = secrets?.auditSigningKey ?? config.AUDIT_SIGNING_KEY;
  return parsed('AUDIT_SIGNING_KEY', pem, readAuditSigningKey);
}

/** The keys that audit checkpoints are checked with: AUDIT_PUBLIC_KEY, else the other half of the key that signs. */
export function auditVerifyingKeys({ secrets }: OperatorDatabase, config: OperateConfig): readonly KeyObject[] {
  const own = secrets && `${secrets.auditSigningKey}\n${secrets.earlierAuditKeys ?? ''}`;
  const pem = config.AUDIT_PUBLIC_KEY ?? own ?? config.AUDIT_SIGNING_KEY;
  return parsed('AUDIT_PUBLIC_KEY', pem, readAuditVerifyingKeys);
}

function parsed<Key>(name: string, pem: string | undefined, read: (pem: string) => Key): Key {
  if (!pem) throw new ConfigError(`${name} is missing: the Ed25519 key of audit checkpoints, in PEM.`);
  try {
    return read(pem);
  } catch (cause) {
    throw new ConfigError(`${name} ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}
