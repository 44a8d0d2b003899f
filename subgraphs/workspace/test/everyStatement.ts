import type { Statement } from '@tributary/data';
import * as identity from '../src/storage/identityStatements.js';
import * as uses from '../src/storage/operationUseStatements.js';
import * as sessions from '../src/storage/sessionStatements.js';
import * as workspaces from '../src/storage/workspaceStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);
const bytes = Buffer.alloc(0);

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(): Statement<unknown>[] {
  const token = { id, hash: bytes, expiresAt: at };
  return [
    sessions.holdRole(id),
    identity.passwordOfAccount(id),
    identity.changePassword(id, '', ''),
    identity.workspacesOfAccount(id),
    sessions.openSession({ id, userId: id, userAgent: null, at }, token),
    sessions.openSessionsOf(id, 1),
    sessions.lockSessionOf(id, id),
    sessions.endOtherSessions(id, id, 'LOGOUT'),
    sessions.lockToken(id),
    sessions.rotateToken({ id, sessionId: id, at, salt: bytes, graceEndedBefore: at }, token),
    sessions.endSession(id, 'LOGOUT'),
    sessions.endSessionsOf(id, 'LOGOUT'),
    sessions.revoke(id, { kind: 'session', subject: id, at }),
    sessions.deleteTokens(at, 1),
    workspaces.lockSlugs(),
    workspaces.findSlug('acme'),
    workspaces.insertWorkspace('acme', 'Acme'),
    workspaces.lockWorkspace(),
    workspaces.setSettings({}),
    workspaces.setName(''),
    workspaces.setStatus('ACTIVE'),
    workspaces.lockOwners(),
    workspaces.deleteMember(id),
    workspaces.countMembers(),
    workspaces.countUsableKeys(),
    workspaces.noteKeyUsed(id),
    uses.noteOperationsUsed([{ documentId: 'one', at }]),
    uses.operationsUsed(['one']),
  ];
}
