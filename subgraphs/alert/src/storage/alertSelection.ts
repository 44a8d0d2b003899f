import type { AlertSeverity, AlertStatus } from '@tributary/contracts/values';
import type { Parameters } from '@tributary/data';

/** Narrows alerts down; ids are bare uuids. Null or absent lets everything through. */
export interface AlertFilter {
  readonly status?: readonly AlertStatus[] | null;
  readonly severity?: readonly AlertSeverity[] | null;
  readonly ruleId?: readonly string[] | null;
  readonly flowId?: readonly string[] | null;
  readonly assetId?: readonly string[] | null;
  /** Parts of the title; all of them, in any letter case. */
  readonly words?: readonly string[];
  /** Last seen from this moment on. */
  readonly seenAfter?: Date | null;
  /** Last seen until just before this moment. */
  readonly seenBefore?: Date | null;
}

/** What alerts are counted by. */
export const facetColumns = ['status', 'severity'] as const;

const columns = {
  status: ['status', 'text[]'],
  severity: ['severity', 'text[]'],
  ruleId: ['rule_id', 'uuid[]'],
  flowId: ['flow_id', 'uuid[]'],
  assetId: ['asset_id', 'uuid[]'],
} as const satisfies Partial<Record<keyof AlertFilter, readonly [string, string]>>;

/** The condition of a filter. */
export function selects(parameters: Parameters, filter: AlertFilter): string {
  const conditions = ['workspace_id = $1'];
  for (const [field, [column, type]] of Object.entries(columns)) {
    const wanted = filter[field as keyof typeof columns];
    if (wanted) conditions.push(`${column} = any(${parameters.add(wanted)}::${type})`);
  }
  if (filter.seenAfter) conditions.push(`last_seen_at >= ${parameters.add(filter.seenAfter, 'timestamptz')}`);
  if (filter.seenBefore) conditions.push(`last_seen_at < ${parameters.add(filter.seenBefore, 'timestamptz')}`);
  for (const word of filter.words ?? [])
    conditions.push(`strpos(lower(title), lower(${parameters.add(word, 'text')})) > 0`);
  return conditions.join(' and ');
}
