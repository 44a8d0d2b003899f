import { ApiKeyRow } from './ApiKeyRow.js';
import { AuditEntryRow } from './AuditEntryRow.js';
import { InvitationRow } from './InvitationRow.js';
import { MemberRow } from './MemberRow.js';
import { WorkspaceRow } from './WorkspaceRow.js';

/** The tables that TypeORM maps here. Sessions and revocations are written by hand-made statements only. */
export const entities: readonly Function[] = [WorkspaceRow, MemberRow, ApiKeyRow, InvitationRow, AuditEntryRow];
