import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import { roles } from '@tributary/contracts/roles';
import type { Role } from '@tributary/contracts/roles';
import { hashPassword } from '@tributary/auth';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
import { ensureAccount, findWorkspaceBySlug } from '../storage/identityStatements.js';
import { MemberRow } from '../storage/MemberRow.js';
import { insertNewWorkspace } from './createWorkspace.js';

export const demoPassword = 'tributary-demo';

const demoWorkspaces = [
  { slug: 'acme', name: 'Acme Corporation' },
  { slug: 'globex', name: 'Globex' },
] as const;

const demoNames: Record<Role, string> = {
  OWNER: 'Olivia Owner',
  ADMIN: 'Adam Admin',
  OPERATOR: 'Oscar Operator',
  VIEWER: 'Vera Viewer',
};

export interface DemoWorkspace {
  /** Bare uuid. */
  readonly workspaceId: string;
  readonly slug: string;
  /** Bare uuid of the user that sample data is made by. */
  readonly operatorId: string;
  /** False when it was there from an earlier start. */
  readonly created: boolean;
}

/**
 * The two demo workspaces of embedded mode with a person of each role, password `tributary-demo`. Creates what is not there,
 * changes nothing that is. Cluster mode refuses to start on a database that has these accounts.
 */
export async function seedDemoPeople(database: Database): Promise<DemoWorkspace[]> {
  const seeded: DemoWorkspace[] = [];
  for (const { slug, name } of demoWorkspaces) {
    const known = await findWorkspaceBySlug(database, slug);
    const workspaceId = known ?? newUuid();
    const people = new Map<Role, string>();
    for (const role of roles) {
      const email = `${role.toLowerCase()}@${slug}.example`;
      const passwordHash = known ? null : await hashPassword(demoPassword);
      people.set(
        role,
        await ensureAccount(database, {
          id: newUuid(),
          email,
          displayName: demoNames[role],
          passwordHash,
          isDemo: true,
        }),
      );
    }
    if (!known) await createDemoWorkspace(database, { workspaceId, slug, name }, people);
    seeded.push({ workspaceId, slug, operatorId: people.get('OPERATOR')!, created: known === null });
  }
  return seeded;
}

async function createDemoWorkspace(
  database: Database,
  workspace: { readonly workspaceId: string; readonly slug: string; readonly name: string },
  people: ReadonlyMap<Role, string>,
): Promise<void> {
  await database.withWorkspace(workspace, async (transaction) => {
    await insertNewWorkspace(transaction, workspace);
    await transaction.repository(MemberRow).insert(
      'workspace.insertDemoMembers',
      [...people].map(([role, userId]) => ({
        id: newUuid(),
        userId,
        displayName: demoNames[role],
        email: `${role.toLowerCase()}@${workspace.slug}.example`,
        role,
      })),
    );
    audit(transaction, {
      actor: { kind: 'system', part: 'demo' },
      requestId: newUuid(),
      action: 'workspace.create',
      entityType: 'Workspace',
      entityId: encodeId('ws', workspace.workspaceId),
      before: null,
      after: { slug: workspace.slug, name: workspace.name },
    });
  });
}
