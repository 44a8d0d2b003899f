import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { mutate, scopeOf } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, MutationInput, Statement } from '@tributary/data';
import { findKnownWorkspaces } from '../storage/identityStatements.js';
import { WorkspaceRow } from '../storage/WorkspaceRow.js';
import type { Settings } from '../storage/WorkspaceRow.js';
import { lockWorkspace, setName, setSettings } from '../storage/workspaceStatements.js';
import { patchSettings } from './workspaceSettings.js';

/** What can be told of a workspace without being in it. */
export type WorkspaceRecord = Pick<WorkspaceRow, 'workspaceId' | 'slug' | 'name' | 'settings' | 'createdAt'>;

/** What becomes of a workspace, and what the audit trail says of that. */
interface Change {
  readonly statement: Statement<WorkspaceRecord>;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

export class Workspaces {
  constructor(private readonly database: Database) {}

  /** The caller's workspace. */
  async current(context: RequestContext): Promise<WorkspaceRecord | null> {
    const [row] = await this.database.read(
      scopeOf(context),
      this.database.table(WorkspaceRow).select('workspace.current'),
    );
    return row ?? null;
  }

  /** Those that the person may switch to, the current one among them; for a key, its own. Suspended ones are left out. */
  async reachable(context: RequestContext): Promise<WorkspaceRecord[]> {
    const { actor } = context.principal;
    if (actor.kind !== 'user') {
      const current = await this.current(context);
      return current ? [current] : [];
    }
    const { workspaces } = await findKnownWorkspaces(this.database, actor.id);
    return workspaces.filter((workspace) => workspace.status === 'ACTIVE');
  }

  /** Throws MISSING_REQUIRED_FIELD for a blank name and INVALID_INPUT for one that is too long. */
  async rename(
    context: RequestContext,
    input: { readonly name: string; readonly idempotencyKey: string | null },
  ): Promise<WorkspaceRecord> {
    const name = checkedName(input.name);
    return this.change(context, { field: 'renameWorkspace', input }, (before) => ({
      statement: setName(name),
      before: { name: before.name },
      after: { name },
    }));
  }

  /** Throws INVALID_INPUT for settings out of bounds. */
  async updateSettings(
    context: RequestContext,
    input: { readonly settings: Settings; readonly idempotencyKey: string | null },
  ): Promise<WorkspaceRecord> {
    return this.change(context, { field: 'updateWorkspaceSettings', input }, (before) => {
      const settings = patchSettings(before.settings, input.settings);
      return { statement: setSettings(settings), before: { settings: before.settings }, after: { settings } };
    });
  }

  /** Changes the workspace by what `decide` makes of it as it is, and leaves that in the audit trail. */
  private change(
    context: RequestContext,
    mutation: { readonly field: string; readonly input: MutationInput },
    decide: (before: WorkspaceRecord) => Change,
  ): Promise<WorkspaceRecord> {
    return mutate(this.database, context, mutation, async (transaction) => {
      const { statement, before, after } = decide((await transaction.queryOne(lockWorkspace()))!);
      const changed = (await transaction.queryOne(statement))!;
      audit(transaction, {
        actor: context.principal.actor,
        requestId: context.requestId,
        action: 'workspace.update',
        entityType: 'Workspace',
        entityId: encodeId('ws', transaction.workspaceId),
        before,
        after,
      });
      return changed;
    });
  }
}

const longestName = 100;

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new CodedError('MISSING_REQUIRED_FIELD', '`name` must not be blank.', { field: 'name' });
  if (trimmed.length > longestName || trimmed.includes('\0')) {
    throw new CodedError('INVALID_INPUT', `A name has at most ${longestName} characters, none of them NUL.`, {
      field: 'name',
    });
  }
  return trimmed;
}
