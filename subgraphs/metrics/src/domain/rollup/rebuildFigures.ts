import { encodeId } from '@tributary/contracts/ids';
import { daysAfter } from '@tributary/data';
import type { Database, TenantScope } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import { newUuid } from '@tributary/kernel';
import { daysWithTraces } from '../../storage/rollup/rebuildStatements.js';
import { firstIdAt } from '../../storage/traceId.js';
import { rebuildDays } from './rebuildDays.js';
import type { RebuiltDay } from './rebuildDays.js';
import { rebuildWholes } from './rebuildWholes.js';
import type { RebuiltWholes } from './rebuildWholes.js';

export interface Rebuild {
  /** UTC days, both included. Default: all that have traces. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly onDay?: (day: RebuiltDay) => void;
}

export interface RebuiltFigures {
  readonly days: readonly RebuiltDay[];
  readonly sessions: RebuiltWholes;
  readonly flows: RebuiltWholes;
}

const none: RebuiltFigures = { days: [], sessions: { rebuilt: 0, kept: 0 }, flows: { rebuilt: 0, kept: 0 } };

/**
 * Makes everything that is rolled up anew from its traces: the cells of days, then the totals of sessions and flows with traces on these
 * days. Stopped anywhere it may be run again; readers see right figures throughout.
 */
export async function rebuildFigures(
  database: Database,
  scope: TenantScope,
  rebuild: Rebuild,
): Promise<RebuiltFigures> {
  const [known] = await database.read(scope, daysWithTraces());
  if (!known) return none;
  const [from, to] = [rebuild.from ?? known.first, rebuild.to ?? known.last];
  await database.withWorkspace(scope, async (transaction) => {
    audit(transaction, {
      actor: { kind: 'system', part: 'metrics:rebuild' },
      requestId: newUuid(),
      action: 'metrics.rebuild',
      entityType: 'Workspace',
      entityId: encodeId('ws', scope.workspaceId),
      before: null,
      after: { from, to },
    });
  });
  const days = await rebuildDays(database, scope, from, to, rebuild.onDay);
  const isWhole = rebuild.from === undefined && rebuild.to === undefined;
  const range = isWhole ? null : { first: firstIdOf(from), end: firstIdOf(daysAfter(to, 1)) };
  const sessions = await rebuildWholes(database, scope, 'SESSION', range);
  return { days, sessions, flows: await rebuildWholes(database, scope, 'FLOW', range) };
}

const firstIdOf = (day: string) => firstIdAt(new Date(`${day}T00:00:00.000Z`));
