import { CodedError } from '@tributary/contracts/errors';
import { deliveryPart } from '@tributary/contracts/commands';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { MemberRow } from '../storage/MemberRow.js';
import { WorkspaceRow } from '../storage/WorkspaceRow.js';

/** A workspace may have any number of admins; a mail to more of them tells nobody more. */
const most = 50;

/** E-mail addresses of a workspace's owners and admins, those of the longest standing first; none while it is suspended. For the part that sends mail alone. */
export async function adminAddresses(database: Database, context: RequestContext): Promise<readonly string[]> {
  const { actor } = context.principal;
  if (actor.kind !== 'system' || actor.part !== deliveryPart)
    throw new CodedError('INSUFFICIENT_PERMISSIONS', 'Only the part that delivers may ask for addresses of admins.');
  const [workspaces, admins] = await database.readBatch(scopeOf(context), [
    database.table(WorkspaceRow).select('workspace.current'),
    database
      .table(MemberRow)
      .select('workspace.admins', (query) =>
        query.andWhere(`row.role in ('OWNER', 'ADMIN')`).orderBy('row.createdAt', 'ASC').limit(most),
      ),
  ]);
  return workspaces[0]?.status === 'ACTIVE' ? admins.map(({ email }) => email) : [];
}
