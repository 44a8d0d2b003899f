import { CodedError } from '@tributary/contracts/errors';
import { checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import type { RequestContext } from '@tributary/kernel';
import { namesInRange } from '../storage/agentStatements.js';
import type { KnownName } from '../storage/agentStatements.js';
import { checkedRange } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

export type { KnownName } from '../storage/agentStatements.js';

const agentList = 'agent';
const maxDepartments = 100;

/** The agents with a trace in the range, by name. */
export async function readAgents(
  database: Database,
  context: RequestContext,
  request: PageRequest & { readonly range: TimeRange },
): Promise<Page<KnownName>> {
  const range = checkedRange(request.range);
  const first = checkedFirst(request.first);
  const [after = null] = positionAfter(agentList, request.after, 1) ?? [];
  if (after !== null && (typeof after !== 'string' || after.includes('\0')))
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  const rows = await database.read(scopeOf(context), namesInRange('agent', range, after, first + 1));
  return toPage(agentList, request, rows, ({ name }) => [name]);
}

/** The departments with a trace in the range, by name, 100 at most. */
export async function readDepartments(
  database: Database,
  context: RequestContext,
  wanted: TimeRange,
): Promise<readonly KnownName[]> {
  return database.read(scopeOf(context), namesInRange('department', checkedRange(wanted), null, maxDepartments));
}
