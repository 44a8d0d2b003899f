import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { sourceProfile } from './encryptedColumns.js';
import { readRejectedRow } from './RejectedRowRecord.js';
import type { RejectedRowRecord } from './RejectedRowRecord.js';

/** Rejected rows behind one of them, in the order of their key, held for their change. */
export function rejectedRowsBehind(flowId: string, line: number, limit: number): Statement<RejectedRowRecord> {
  return sql(
    'flow.rejectedRowsBehind',
    `select flow_id, line, code, message, raw from rejected_row
     where workspace_id = $1 and (flow_id, line) > ($2::uuid, $3::integer) order by flow_id, line limit $4 for update`,
    [flowId, line, limit],
    readRejectedRow,
  );
}

/** `messages` and `raws` are sealed. */
export function replaceRejectedRows(
  flowIds: readonly string[],
  lines: readonly number[],
  messages: readonly string[],
  raws: readonly string[],
): Statement {
  return sql(
    'flow.replaceRejectedRows',
    `update rejected_row r set message = new.message, raw = new.raw
     from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[]) as new (flow_id, line, message, raw)
     where r.workspace_id = $1 and r.flow_id = new.flow_id and r.line = new.line`,
    [flowIds, lines, messages, raws],
  );
}

/** Profiles of discoveries behind one of them, in the order of their flows, held for their change. */
export function profilesBehind(flowId: string, limit: number): Statement<{ flowId: string; profile: unknown }> {
  return sql(
    'flow.profilesBehind',
    `select flow_id, profile from discovery_flow
     where workspace_id = $1 and flow_id > $2::uuid and profile is not null order by flow_id limit $3 for update`,
    [flowId, limit],
    (row, cipher) => {
      const id = row['flow_id'] as string;
      return { flowId: id, profile: JSON.parse(cipher.open(sourceProfile, [id], row['profile'] as string)) as unknown };
    },
  );
}

/** `profiles` are sealed. */
export function replaceProfiles(flowIds: readonly string[], profiles: readonly string[]): Statement {
  return sql(
    'flow.replaceProfiles',
    `update discovery_flow d set profile = new.profile from unnest($2::uuid[], $3::text[]) as new (flow_id, profile)
     where d.workspace_id = $1 and d.flow_id = new.flow_id`,
    [flowIds, profiles],
  );
}
