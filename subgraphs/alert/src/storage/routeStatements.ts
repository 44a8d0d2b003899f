import { bulkInsert, sql } from '@tributary/data';
import type { EntityTable, Statement } from '@tributary/data';
import type { RouteRow } from './RouteRow.js';

/** Routes in their order. */
export function listRoutes(table: EntityTable<RouteRow>): Statement<RouteRow> {
  return table.sql(
    'alert.listRoutes',
    `select ${table.columnList} from alert_route where workspace_id = $1 order by position`,
    [],
  );
}

/** Of the whole list; no row before it was set once. */
export function routingVersion(): Statement<number> {
  return sql(
    'alert.routingVersion',
    'select version from alert_routing where workspace_id = $1',
    [],
    (row) => row['version'] as number,
  );
}

/** Counts a change of the list that was decided on a version, 0 before the first. No row when it has another one. */
export function nextRoutingVersion(version: number): Statement<number> {
  const { text, values } = bulkInsert({
    into: 'alert_routing as known',
    entries: [version],
    columns: { version: { type: 'integer', of: (one) => one + 1 } },
    behind: `on conflict (workspace_id) do update set version = excluded.version
      where known.version = excluded.version - 1 returning version`,
  });
  return sql('alert.nextRoutingVersion', text, values, (row) => row['version'] as number);
}

export function deleteRoutes(): Statement {
  return sql('alert.deleteRoutes', 'delete from alert_route where workspace_id = $1', []);
}

/** Removes groups of routes that are not there any more. */
export function deleteGroupsWithout(routeIds: readonly string[]): Statement {
  return sql(
    'alert.deleteGroupsWithout',
    'delete from alert_group where workspace_id = $1 and route_id <> all($2::uuid[])',
    [routeIds],
  );
}

export function deleteMembersWithout(routeIds: readonly string[]): Statement {
  return sql(
    'alert.deleteMembersWithout',
    'delete from alert_group_member where workspace_id = $1 and route_id <> all($2::uuid[])',
    [routeIds],
  );
}
