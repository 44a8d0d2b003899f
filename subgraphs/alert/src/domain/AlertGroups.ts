import type { NotificationPayload, NotifiedAlert } from '@tributary/contracts/events';
import { alertSeverities } from '@tributary/contracts/values';
import { newUuid } from '@tributary/kernel';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { appendEvents } from '@tributary/events';
import type { LoggedEvent } from '@tributary/events';
import { AlertRow } from '../storage/AlertRow.js';
import {
  alertsToGroup,
  deleteEmptyGroups,
  deleteGroup,
  deleteMembers,
  groupsOf,
  lockDueGroup,
  lockToldGroups,
  membersOf,
  noteNews,
  noteStep,
  openAlertsToGroup,
  saveGroup,
  saveMembers,
  tellMembers,
} from '../storage/groupStatements.js';
import type { GroupId, GroupNews, Membership, StoredGroup, ToldGroup } from '../storage/groupStatements.js';
import { RouteRow } from '../storage/RouteRow.js';
import { listRoutes } from '../storage/routeStatements.js';
import { readAlertEvent } from './alertEvents.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';
import { decideGroup } from './decideGroup.js';
import type { GroupMember, GroupNotification } from './decideGroup.js';
import { clockOf } from './moveSilences.js';
import { groupsFor, keyOfGroup, routesOf } from './routeOf.js';
import { routeTimes } from './routeTimes.js';

/** Who it is in the history of alerts. */
const part = 'alert.groups';
const groupsOfRound = 100;
const mostAlerts = 100;

/** Puts alerts into the groups that they are told in, and says when people must be told of a group. It sends nothing. */
export class AlertGroups {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
    /** Moves PostgreSQL's clock. */
    private readonly aheadMs: () => number = () => 0,
  ) {}

  /** What happened to alerts may be news to the groups that they are in. */
  async handle(transaction: WorkspaceTransaction, events: readonly LoggedEvent[]): Promise<void> {
    const ids = [...new Set(events.flatMap(({ payload }) => readAlertEvent(payload)?.alertId ?? []))];
    const routes = ids.length === 0 ? [] : await transaction.query(listRoutes(this.database.table(RouteRow)));
    if (routes.length === 0) return;
    const alerts = await transaction.query(alertsToGroup(this.database.table(AlertRow), ids));
    await this.place(transaction, routes, alerts);
  }

  /** Puts all open alerts into the groups of other routes. */
  async regroup(transaction: WorkspaceTransaction, routes: readonly RouteRow[]): Promise<void> {
    await this.place(transaction, routes, await transaction.query(openAlertsToGroup(this.database.table(AlertRow))));
  }

  /** Groups that people were told of, held: what `leave` is asked with once routes have changed. */
  toldGroups(transaction: WorkspaceTransaction): Promise<ToldGroup[]> {
    return transaction.query(lockToldGroups());
  }

  /** Tells the channels that know of open alerts and hear of them no more that this is so, and leaves no group without alerts. */
  async leave(
    transaction: WorkspaceTransaction,
    told: readonly ToldGroup[],
    before: readonly RouteRow[],
    after: readonly RouteRow[],
  ): Promise<void> {
    if (told.length === 0) return;
    const ids = told.flatMap(({ alertIds }) => alertIds);
    const alerts = await transaction.query(alertsToGroup(this.database.table(AlertRow), ids));
    for (const group of told) {
      const old = before.find(({ id }) => id === group.routeId);
      if (!old) continue;
      const channels = channelsOf(old, group.step);
      const goneOf = (alert: AlertRow) => {
        // That it is over is told by the route that told of it, and by no other.
        const routes = routesOf(after, alert).filter(({ id }) => alert.status !== 'RESOLVED' || id === old.id);
        const kept = routes.flatMap((route) => channelsOf(route));
        return channels.filter((channelId) => !kept.includes(channelId));
      };
      const known = alerts.filter(({ id }) => group.alertIds.includes(id));
      for (const [, alike] of Map.groupBy(known, (alert) => goneOf(alert).join())) {
        const channelIds = goneOf(alike[0]!);
        if (channelIds.length === 0) continue;
        const kind = alike.every(({ status }) => status === 'RESOLVED') ? 'RESOLVED' : 'MOVED';
        appendNotification(transaction, group, old, { kind, step: group.step, channelIds, alerts: alike });
      }
    }
    await transaction.query(deleteEmptyGroups());
  }

  /** Decides of each group of which something is due, in all workspaces. */
  async tellDueGroups(): Promise<void> {
    for (const row of await this.database.lookup('due_alert_groups', [groupsOfRound, this.aheadMs()])) {
      const [workspaceId, routeId, groupKey] = [row['workspace_id'], row['route_id'], row['group_key']] as string[];
      await this.database.withWorkspace({ workspaceId: workspaceId! }, (transaction) =>
        this.tell(transaction, { routeId: routeId!, groupKey: groupKey! }),
      );
    }
  }

  private async place(
    transaction: WorkspaceTransaction,
    routes: readonly RouteRow[],
    alerts: readonly AlertRow[],
  ): Promise<void> {
    if (alerts.length === 0) return;
    const at = await clockOf(transaction, this.aheadMs());
    const known = Map.groupBy(await transaction.query(groupsOf(alerts.map(({ id }) => id))), ({ alertId }) => alertId);
    const members: Membership[] = [];
    const news = new Map<string, GroupNews>();
    for (const alert of alerts) {
      const wanted = groupsFor(routes, alert);
      const before = known.get(alert.id) ?? [];
      const isNew = (group: GroupId) => !before.some((one) => keyOfGroup(one) === keyOfGroup(group));
      const since = alert.status === 'FIRING' && !isHeld(alert, at) ? at : null;
      for (const { route, routeId, groupKey, labels } of wanted) {
        // What is over and was never told in this group is not told any more.
        if (alert.status === 'RESOLVED' && isNew({ routeId, groupKey })) continue;
        members.push({ routeId, groupKey, alertId: alert.id, since });
        news.set(keyOfGroup({ routeId, groupKey }), { routeId, groupKey, labels, waitSeconds: route.groupWaitSeconds });
      }
      const left = before.filter((one) => !wanted.some((group) => keyOfGroup(group) === keyOfGroup(one)));
      for (const group of left) await transaction.query(deleteMembers(group, [alert.id]));
    }
    if (news.size === 0) return;
    await transaction.query(noteNews(at, [...news.values()]));
    await transaction.query(saveMembers(members));
  }

  private async tell(transaction: WorkspaceTransaction, id: GroupId): Promise<void> {
    const at = await clockOf(transaction, this.aheadMs());
    const group = await transaction.queryOne(lockDueGroup(id, at));
    if (!group) return;
    const routes = await transaction.query(listRoutes(this.database.table(RouteRow)));
    const route = routes.find((one) => one.id === group.routeId);
    const stored = await transaction.query(membersOf(group));
    if (!route || stored.length === 0) return void (await transaction.query(deleteGroup(group)));
    const alerts = await this.alertsOf(
      transaction,
      stored.map(({ alertId }) => alertId),
      at,
    );
    const members = stored.flatMap((member): GroupMember[] => {
      const alert = alerts.get(member.alertId);
      if (!alert) return [];
      const { status, severity, flapping } = alert;
      const since = member.since?.getTime() ?? null;
      return [{ ...member, since, status, severity, flapping, isHeld: isHeld(alert, at) }];
    });
    const state = {
      ...group,
      newsAt: group.newsAt?.getTime() ?? null,
      notifiedAt: group.notifiedAt?.getTime() ?? null,
    };
    const decided = decideGroup(routeTimes(route), state, members, at.getTime());
    for (const notification of decided.notifications)
      await this.append(transaction, group, route, notification, alerts, at);
    if (decided.told.length > 0) {
      const told = decided.told.map(({ alertId, told: saying, step }) => ({
        alertId,
        told: saying,
        step,
        since: null,
      }));
      await transaction.query(tellMembers(group, told));
    }
    if (decided.gone.length > 0) await transaction.query(deleteMembers(group, decided.gone));
    if (decided.gone.length === stored.length) return void (await transaction.query(deleteGroup(group)));
    const { newsAt, notifiedAt, step } = decided.group;
    const now = { ...group, newsAt: dateOf(newsAt), notifiedAt: dateOf(notifiedAt), step };
    await transaction.query(saveGroup(now, dateOf(decided.dueAt)));
  }

  /** As they are now, with the silences of now. */
  private async alertsOf(
    transaction: WorkspaceTransaction,
    ids: readonly string[],
    at: Date,
  ): Promise<Map<string, AlertRow>> {
    const alerts = await transaction.query(alertsToGroup(this.database.table(AlertRow), ids));
    const trigger: Trigger = { actor: { kind: 'system', part }, requestId: newUuid(), at };
    const open = alerts.filter(({ status }) => status !== 'RESOLVED');
    const quiet = await this.transitions.quieten(transaction, trigger, open);
    return new Map([...alerts, ...quiet].map((alert) => [alert.id, alert]));
  }

  private async append(
    transaction: WorkspaceTransaction,
    group: StoredGroup,
    route: RouteRow,
    { kind, alertIds, steps }: GroupNotification,
    alerts: ReadonlyMap<string, AlertRow>,
    at: Date,
  ): Promise<void> {
    const step = steps.at(-1) ?? 0;
    if (kind === 'ESCALATED') {
      const trigger: Trigger = { actor: { kind: 'system', part }, requestId: newUuid(), at };
      const noted = await transaction.query(noteStep(this.database.table(AlertRow), alertIds));
      const facts = { reason: 'NOT_ACKNOWLEDGED', step };
      await this.transitions.announce(transaction, trigger, 'alert.escalated', noted, facts);
    }
    const shown = alertIds.flatMap((alertId) => alerts.get(alertId) ?? []);
    const channelIds = [...new Set(steps.flatMap((index) => route.steps[index]?.channelIds ?? []))];
    appendNotification(transaction, group, route, { kind, step, channelIds, alerts: shown });
  }
}

function appendNotification(
  transaction: WorkspaceTransaction,
  group: GroupId & Pick<StoredGroup, 'labels'>,
  route: RouteRow,
  what: Pick<NotificationPayload, 'kind' | 'step' | 'channelIds'> & { readonly alerts: readonly AlertRow[] },
): void {
  const { kind, step, channelIds, alerts } = what;
  const payload: NotificationPayload = {
    kind,
    route: route.name,
    groupKey: keyOfGroup(group),
    group: group.labels,
    step,
    channelIds,
    alerts: alerts.toSorted(byGravity).slice(0, mostAlerts).map(toNotified),
    total: alerts.length,
  };
  appendEvents(transaction, 'notifications', [{ type: 'notification.due', payload }]);
}

/** Of its steps up to one; of all without. */
function channelsOf(route: RouteRow | undefined, step = Infinity): string[] {
  const steps = route?.steps.filter((_, index) => index <= step) ?? [];
  return [...new Set(steps.flatMap(({ channelIds }) => channelIds))];
}

function isHeld({ suppressedBy, suppressedUntil }: AlertRow, at: Date): boolean {
  return suppressedBy !== null && suppressedUntil !== null && suppressedUntil > at;
}

function byGravity(one: AlertRow, other: AlertRow): number {
  const gravity = alertSeverities.indexOf(other.severity) - alertSeverities.indexOf(one.severity);
  return gravity || one.firstSeenAt.getTime() - other.firstSeenAt.getTime();
}

function toNotified(alert: AlertRow): NotifiedAlert {
  const { id: alertId, fingerprint, title, description, severity, status, labels, value, runbookUrl } = alert;
  return {
    alertId,
    fingerprint,
    title,
    description,
    severity,
    status,
    labels,
    value,
    firedAt: alert.firstSeenAt.toISOString(),
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    runbookUrl,
  };
}

function dateOf(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
