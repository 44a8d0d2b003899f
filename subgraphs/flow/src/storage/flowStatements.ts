import { planOnce, sql } from '@tributary/data';
import type { Database, Row, Statement } from '@tributary/data';
import { DiscoveryFlowRow } from './DiscoveryFlowRow.js';
import { FieldMappingRow, shownOfMapping } from './FieldMappingRow.js';
import type { ShownMapping } from './FieldMappingRow.js';
import { FlowPhaseRow, shownOfPhase } from './FlowPhaseRow.js';
import type { ShownPhase } from './FlowPhaseRow.js';
import { FlowRow, shownOfFlow } from './FlowRow.js';
import type { ShownFlow } from './FlowRow.js';
import { readRejectedRow } from './RejectedRowRecord.js';
import type { RejectedRowRecord } from './RejectedRowRecord.js';

/** Statements that answer for many flows at once: one for each relation, however many flows are asked for. */

export function flowsById(database: Database, ids: readonly string[]): Statement<ShownFlow> {
  return planOnce(
    database
      .table(FlowRow)
      .selectOnly('flow.flowsById', shownOfFlow, (query) => query.andWhere('row.id = any(:ids)', { ids })),
  );
}

/** Phases of the flows, each flow's in order. */
export function phasesOf(database: Database, flowIds: readonly string[]): Statement<ShownPhase> {
  return planOnce(
    database
      .table(FlowPhaseRow)
      .selectOnly('flow.phasesOf', shownOfPhase, (query) =>
        query.andWhere('row.flowId = any(:flowIds)', { flowIds }).orderBy('row.flowId').addOrderBy('row.ordinal'),
      ),
  );
}

export function discoveriesOf(database: Database, flowIds: readonly string[]): Statement<DiscoveryFlowRow> {
  return planOnce(
    database
      .table(DiscoveryFlowRow)
      .select('flow.discoveriesOf', (query) => query.andWhere('row.flowId = any(:flowIds)', { flowIds })),
  );
}

/** Mappings of the flows, each flow's in the order of its source's columns. */
export function mappingsOf(database: Database, flowIds: readonly string[]): Statement<ShownMapping> {
  return planOnce(
    database
      .table(FieldMappingRow)
      .selectOnly('flow.mappingsOf', shownOfMapping, (query) =>
        query.andWhere('row.flowId = any(:flowIds)', { flowIds }).orderBy('row.flowId').addOrderBy('row.ordinal'),
      ),
  );
}

/** Of each flow, the rejected rows behind line `after`, at most `limit`, in the source's order. */
export function rejectedRowsOf(flowIds: readonly string[], after: number, limit: number): Statement<RejectedRowRecord> {
  return planOnce(
    sql(
      'flow.rejectedRowsOf',
      `select r.* from unnest((select $2::uuid[])) as wanted (flow_id)
     cross join lateral (
       select flow_id, line, code, message, raw from rejected_row
       where workspace_id = $1 and flow_id = wanted.flow_id and line > $3 order by line limit $4
     ) r`,
      [flowIds, after, limit],
      readRejectedRow,
    ),
  );
}

/** How many rejected rows each of the flows has; flows without any are missing. */
export function rejectedCountsOf(flowIds: readonly string[]): Statement<{ flowId: string; count: number }> {
  return planOnce(
    sql(
      'flow.rejectedCountsOf',
      'select flow_id, count(*) as count from rejected_row where workspace_id = $1 and flow_id = any($2) group by flow_id',
      [flowIds],
      (row) => ({ flowId: row['flow_id'] as string, count: Number(row['count']) }),
    ),
  );
}

/** What an event of the flow would say of it right now: the payload of `stream.snapshot`. */
export function snapshotOf(flowId: string): Statement<Row> {
  return sql(
    'flow.standingOf',
    `select json_build_object('flowId', id, 'kind', kind, 'name', name, 'status', status, 'phase', current_phase, 'progress', progress,
       'message', null, 'data', json_build_object()) as payload
     from flow where workspace_id = $1 and id = $2`,
    [flowId],
    (row) => row['payload'] as Row,
  );
}

/** Ids of the flows that exist. */
export function existingFlows(ids: readonly string[]): Statement<string> {
  return sql(
    'flow.existingFlows',
    'select id from flow where workspace_id = $1 and id = any($2)',
    [ids],
    (row) => row['id'] as string,
  );
}
