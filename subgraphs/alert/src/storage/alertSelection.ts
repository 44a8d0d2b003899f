import type { AlertSeverity, AlertStatus } from '@tributary/contracts/values';
import type { Parameters } from '@tributary/data';

/** Narrows alerts down; ids are bare uuids. Null or absent lets everything through. */
export interface AlertFilter {
  readonly status?: readonly AlertStatus[] | null;
  readonly severity?: readonly AlertSeverity[] | null;
  readonly ruleId?: readonly string[] | null;
  readonly flowId?: readonly string[] | null;
  readonly assetId?: readonly string[] | null;
}

const columns = {
  status: ['status', 'text[]'],
  severity: ['severity', 'text[]'],
  ruleId: ['rule_id', 'uuid[]'],
  flowId: ['flow_id', 'uuid[]'],
  assetId: ['asset_id', 'uuid[]'],
} as const satisfies Record<keyof AlertFilter, readonly [string, string]>;

/** The condition of a filter. */
export function selects(parameters: Parameters, filter: AlertFilter): string {
  const conditions = ['workspace_id = $1'];
  for (const [field, [column, type]] of Object.entries(columns)) {
    const wanted = filter[field as keyof AlertFilter];
    if (wanted) conditions.push(`${column} = any(${parameters.add(wanted)}::${type})`);
  }
  return conditions.join(' and ');
}
