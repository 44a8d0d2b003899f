import type { WorkspaceStatus } from '@tributary/contracts/values';
import { sql, unfilteredSql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { Settings, WorkspaceRow } from './WorkspaceRow.js';

/** Slugs are unique over all workspaces without a unique key (which would have to lead with the workspace): creation takes turns. */
export function lockSlugs(): Statement {
  return unfilteredSql('workspace.lockSlugs', `select pg_advisory_xact_lock(hashtext('workspace.slug'))`);
}

export function findSlug(slug: string): Statement {
  return unfilteredSql('workspace.findSlug', 'select workspace_id from lookup.workspace_by_slug($1)', [slug]);
}

export function insertWorkspace(slug: string, name: string): Statement {
  return sql('workspace.insert', 'insert into workspace (workspace_id, slug, name) values ($1, $2, $3)', [slug, name]);
}

/** The bound workspace, locked against other writers of its settings. */
export function lockWorkspace(): Statement<WorkspaceRow> {
  return sql('workspace.lock', `select ${columns} from workspace where workspace_id = $1 for update`, [], toRow);
}

export function setSettings(settings: Settings): Statement<WorkspaceRow> {
  return sql(
    'workspace.setSettings',
    `update workspace set settings = $2::jsonb, updated_at = now() where workspace_id = $1 returning ${columns}`,
    [JSON.stringify(settings)],
    toRow,
  );
}

export function setName(name: string): Statement<WorkspaceRow> {
  return sql(
    'workspace.setName',
    `update workspace set name = $2, updated_at = now() where workspace_id = $1 returning ${columns}`,
    [name],
    toRow,
  );
}

export function setStatus(status: WorkspaceStatus): Statement<WorkspaceRow> {
  return sql(
    'workspace.setStatus',
    `update workspace set status = $2, updated_at = now() where workspace_id = $1 returning ${columns}`,
    [status],
    toRow,
  );
}

/** Owners of the workspace, locked, so that two of them cannot step down at once. */
export function lockOwners(): Statement<string> {
  return sql(
    'workspace.lockOwners',
    `select user_id from member where workspace_id = $1 and role = 'OWNER' order by id for update`,
    [],
    (row) => row['user_id'] as string,
  );
}

export function deleteMember(id: string): Statement {
  return sql('workspace.deleteMember', 'delete from member where workspace_id = $1 and id = $2', [id]);
}

export function countMembers(): Statement<number> {
  return sql('workspace.countMembers', 'select count(*) as count from member where workspace_id = $1', [], (row) =>
    Number(row['count']),
  );
}

export function countUsableKeys(): Statement<number> {
  return sql(
    'workspace.countUsableKeys',
    'select count(*) as count from api_key where workspace_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())',
    [],
    (row) => Number(row['count']),
  );
}

/** Notes that a key was used, at most once a minute however many processes see it. */
export function noteKeyUsed(keyId: string): Statement {
  return sql(
    'workspace.noteKeyUsed',
    `update api_key set last_used_at = now() where workspace_id = $1 and id = $2
     and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [keyId],
  );
}

const columns = 'workspace_id, slug, name, settings, status, created_at, updated_at';

function toRow(row: Row): WorkspaceRow {
  return {
    workspaceId: row['workspace_id'] as string,
    slug: row['slug'] as string,
    name: row['name'] as string,
    settings: row['settings'] as Settings,
    status: row['status'] as WorkspaceStatus,
    createdAt: row['created_at'] as Date,
    updatedAt: row['updated_at'] as Date,
  };
}
