import { bulkInsert, sql } from '@tributary/data';
import type { EntityTable, Row, Statement } from '@tributary/data';
import type { AlertRow } from './AlertRow.js';

/** Names a group. */
export interface GroupId {
  readonly routeId: string;
  readonly groupKey: string;
}

/** Alerts that are told together. */
export interface StoredGroup extends GroupId {
  /** What its alerts have in common. */
  readonly labels: Readonly<Record<string, string | null>>;
  readonly newsAt: Date | null;
  readonly notifiedAt: Date | null;
  readonly step: number | null;
}

/** An alert in a group, as it is now and as people know it. */
export interface StoredMember {
  readonly alertId: string;
  readonly told: string | null;
  readonly since: Date | null;
  readonly step: number | null;
}

export interface Membership extends GroupId {
  readonly alertId: string;
  readonly since: Date | null;
}

/** The alerts of these ids, in one order. */
export function alertsToGroup(table: EntityTable<AlertRow>, ids: readonly string[]): Statement<AlertRow> {
  return table.sql(
    'alert.alertsToGroup',
    `select ${table.columnList} from alert where workspace_id = $1 and id = any($2::uuid[]) order by id`,
    [ids],
  );
}

/** All open alerts. */
export function openAlertsToGroup(table: EntityTable<AlertRow>): Statement<AlertRow> {
  return table.sql(
    'alert.openAlertsToGroup',
    `select ${table.columnList} from alert where workspace_id = $1 and status <> 'RESOLVED' order by id`,
    [],
  );
}

export interface GroupNews extends GroupId {
  readonly labels: Readonly<Record<string, string | null>>;
  /** How long news of the group wait for others. */
  readonly waitSeconds: number;
}

/** Notes that something waits to be told, of groups that are there and of new ones. */
export function noteNews(at: Date, groups: readonly GroupNews[]): Statement {
  const { text, values } = bulkInsert({
    into: 'alert_group as known',
    entries: groups,
    shared: { news_at: ['timestamptz', at] },
    columns: {
      route_id: { type: 'uuid', of: (group) => group.routeId },
      group_key: { type: 'text', of: (group) => group.groupKey },
      labels: { type: 'jsonb', of: (group) => JSON.stringify(group.labels) },
      due_at: { type: 'timestamptz', of: (group) => new Date(at.getTime() + group.waitSeconds * 1_000) },
    },
    orderBy: 'entry.route_id, entry.group_key collate "C"',
    // Whoever is looked at too early looks again when it is time.
    behind: `on conflict (workspace_id, route_id, group_key) do update set news_at = coalesce(known.news_at, excluded.news_at),
      due_at = least(known.due_at, excluded.due_at)`,
  });
  return sql('alert.noteNews', text, values);
}

/** Puts alerts into groups, or notes since when they fire without anybody on them. */
export function saveMembers(members: readonly Membership[]): Statement {
  const { text, values } = bulkInsert({
    into: 'alert_group_member as known',
    entries: members,
    columns: {
      route_id: { type: 'uuid', of: (member) => member.routeId },
      group_key: { type: 'text', of: (member) => member.groupKey },
      alert_id: { type: 'uuid', of: (member) => member.alertId },
      since: { type: 'timestamptz', of: (member) => member.since },
    },
    orderBy: 'entry.route_id, entry.group_key collate "C", entry.alert_id',
    behind: `on conflict (workspace_id, route_id, group_key, alert_id) do update set
      since = case when excluded.since is null then null else coalesce(known.since, excluded.since) end,
      step = case when excluded.since is null then null else known.step end`,
  });
  return sql('alert.saveMembers', text, values);
}

/** In which groups alerts are. */
export function groupsOf(alertIds: readonly string[]): Statement<GroupId & { readonly alertId: string }> {
  return sql(
    'alert.groupsOf',
    'select route_id, group_key, alert_id from alert_group_member where workspace_id = $1 and alert_id = any($2::uuid[])',
    [alertIds],
    (row) => ({
      routeId: row['route_id'] as string,
      groupKey: row['group_key'] as string,
      alertId: row['alert_id'] as string,
    }),
  );
}

/** A group of which something is due, held until the end of the transaction. No row when another process has it. */
export function lockDueGroup({ routeId, groupKey }: GroupId, at: Date): Statement<StoredGroup> {
  return sql(
    'alert.lockDueGroup',
    `select route_id, group_key, labels, news_at, notified_at, step from alert_group
     where workspace_id = $1 and route_id = $2 and group_key = $3 and due_at <= $4 for update skip locked`,
    [routeId, groupKey, at],
    (row) => ({
      routeId: row['route_id'] as string,
      groupKey: row['group_key'] as string,
      labels: row['labels'] as StoredGroup['labels'],
      newsAt: row['news_at'] as Date | null,
      notifiedAt: row['notified_at'] as Date | null,
      step: row['step'] as number | null,
    }),
  );
}

export function membersOf({ routeId, groupKey }: GroupId): Statement<StoredMember> {
  return sql(
    'alert.membersOf',
    `select alert_id, told, since, step from alert_group_member
     where workspace_id = $1 and route_id = $2 and group_key = $3 order by alert_id`,
    [routeId, groupKey],
    toMember,
  );
}

/** Writes what people know of alerts now. */
export function tellMembers({ routeId, groupKey }: GroupId, members: readonly StoredMember[]): Statement {
  return sql(
    'alert.tellMembers',
    `update alert_group_member set told = seen.told, step = seen.step
     from unnest($4::uuid[], $5::text[], $6::integer[]) as seen (alert_id, told, step)
     where alert_group_member.workspace_id = $1 and route_id = $2 and group_key = $3 and alert_group_member.alert_id = seen.alert_id`,
    [
      routeId,
      groupKey,
      members.map((one) => one.alertId),
      members.map((one) => one.told),
      members.map((one) => one.step),
    ],
  );
}

export function deleteMembers({ routeId, groupKey }: GroupId, alertIds: readonly string[]): Statement {
  return sql(
    'alert.deleteMembers',
    'delete from alert_group_member where workspace_id = $1 and route_id = $2 and group_key = $3 and alert_id = any($4::uuid[])',
    [routeId, groupKey, alertIds],
  );
}

export function saveGroup(group: StoredGroup, dueAt: Date | null): Statement {
  return sql(
    'alert.saveGroup',
    `update alert_group set news_at = $4, notified_at = $5, step = $6, due_at = $7
     where workspace_id = $1 and route_id = $2 and group_key = $3`,
    [group.routeId, group.groupKey, group.newsAt, group.notifiedAt, group.step, dueAt],
  );
}

export function deleteGroup({ routeId, groupKey }: GroupId): Statement {
  return sql(
    'alert.deleteGroup',
    'delete from alert_group where workspace_id = $1 and route_id = $2 and group_key = $3',
    [routeId, groupKey],
  );
}

/** Counts a change of open alerts that were told of to others because nobody has acknowledged them. */
export function noteStep(table: EntityTable<AlertRow>, ids: readonly string[]): Statement<AlertRow> {
  return table.sql(
    'alert.noteStep',
    `update alert set version = version + 1, updated_at = now()
     where workspace_id = $1 and id = any($2::uuid[]) and status = 'FIRING' returning ${table.columnList}`,
    [ids],
  );
}

function toMember(row: Row): StoredMember {
  return {
    alertId: row['alert_id'] as string,
    told: row['told'] as string | null,
    since: row['since'] as Date | null,
    step: row['step'] as number | null,
  };
}

/** A group that people were told of, with the alerts that they know of. */
export interface ToldGroup extends GroupId {
  readonly labels: Readonly<Record<string, string | null>>;
  readonly step: number;
  readonly alertIds: readonly string[];
}

/** The groups that people were told of and that are not over, held until the end of the transaction. */
export function lockToldGroups(): Statement<ToldGroup> {
  return sql(
    'alert.lockToldGroups',
    `select route_id, group_key, labels, step, array(
       select m.alert_id from alert_group_member m where m.workspace_id = $1 and m.route_id = g.route_id and m.group_key = g.group_key
       and m.told <> 'RESOLVED' order by m.alert_id
     ) as alert_ids
     from alert_group g where g.workspace_id = $1 and g.step is not null order by g.route_id, g.group_key collate "C" for update`,
    [],
    (row) => ({
      routeId: row['route_id'] as string,
      groupKey: row['group_key'] as string,
      labels: row['labels'] as ToldGroup['labels'],
      step: row['step'] as number,
      alertIds: row['alert_ids'] as string[],
    }),
  );
}

/** Removes groups that no alert is in. */
export function deleteEmptyGroups(): Statement {
  return sql(
    'alert.deleteEmptyGroups',
    `delete from alert_group g where g.workspace_id = $1 and not exists (
       select from alert_group_member m where m.workspace_id = $1 and m.route_id = g.route_id and m.group_key = g.group_key
     )`,
    [],
  );
}
