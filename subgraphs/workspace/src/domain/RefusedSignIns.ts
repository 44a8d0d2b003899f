import { encodeId } from '@tributary/contracts/ids';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { findKnownWorkspaces } from '../storage/identityStatements.js';

export interface RefusedSignIn {
  readonly accountId: string;
  /** Slug; null when none was named. */
  readonly workspace: string | null;
  readonly lastWorkspaceId: string | null;
  readonly requestId: string;
}

/**
 * Puts refused sign-ins of known accounts into the audit trail of the workspace that they were for. Beside the answer, not before it:
 * an answer that took longer for known accounts would tell them from unknown ones.
 */
export class RefusedSignIns {
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  note(refused: RefusedSignIn): void {
    const written = this.write(refused)
      .catch((err: unknown) => this.logger.warn({ err }, 'a refused sign-in could not be noted'))
      .finally(() => this.writing.delete(written));
    this.writing.add(written);
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await Promise.all(this.writing);
  }

  private async write({ accountId, workspace, lastWorkspaceId, requestId }: RefusedSignIn): Promise<void> {
    const { workspaces: theirs } = await findKnownWorkspaces(this.database, accountId);
    const meant =
      theirs.find(({ slug, workspaceId }) =>
        workspace === null ? workspaceId === lastWorkspaceId : slug === workspace,
      ) ?? theirs[0];
    if (!meant) return;
    await this.database.withWorkspace(meant, (transaction) => {
      audit(transaction, {
        actor: { kind: 'system', part: 'sign-in' },
        requestId,
        action: 'session.refuse',
        entityType: 'User',
        entityId: encodeId('user', accountId),
        before: null,
        after: null,
      });
      return Promise.resolve();
    });
  }
}
