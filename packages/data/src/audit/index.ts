export { audit, auditHash, canonicalEntry } from './audit.js';
export type { AuditEntry } from './audit.js';
export { fromLines, readAuditSigningKey, readAuditVerifyingKeys, toLine } from './AuditCheckpoint.js';
export type { AuditCheckpoint } from './AuditCheckpoint.js';
export { readCheckpoints } from './readCheckpoints.js';
export { verifyAudit } from './verifyAudit.js';
export type { AuditReport } from './verifyAudit.js';
export type { TrailFault, TrailReport } from './verifyTrail.js';
export { writeCheckpoints } from './writeCheckpoints.js';
