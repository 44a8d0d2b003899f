import type { AlertStatus } from '@tributary/contracts/values';
import type { RouteRow } from '../storage/RouteRow.js';
import type { Effect } from './alertMachine.js';
import type { Firing } from './AlertTransitions.js';
import { decideGroup } from './decideGroup.js';
import type { GroupMember, GroupState } from './decideGroup.js';
import { groupsFor, keyOfGroup } from './routeOf.js';
import { routeTimes } from './routeTimes.js';

/** What became of an alert at a moment. */
export interface Told {
  readonly kind: Effect['kind'];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly alert: Pick<Firing, 'fingerprint' | 'severity' | 'labels' | 'ruleId' | 'flowId' | 'assetId'>;
}

/** What changes what people know; the others are details. */
const news: ReadonlySet<Effect['kind']> = new Set(['FIRE', 'REOPEN', 'RESOLVE', 'FLAP', 'SETTLE']);

/**
 * How many notifications alerts make when nobody takes them up: each is put into the groups of the routes that take it, and each group decides
 * as groups at work do. `told` is in order of time; what waits to be told at `until` is counted, too. None without routes.
 */
export function countNotifications(told: readonly Told[], routes: readonly RouteRow[], until: number): number {
  const groups = new Map<string, SimulatedGroup>();
  for (const one of told) {
    if (!news.has(one.kind)) continue;
    for (const routed of groupsFor(routes, { ...one.alert, id: '', suppressedBy: null, suppressedUntil: null })) {
      const key = keyOfGroup(routed);
      let group = groups.get(key);
      if (!group) groups.set(key, (group = new SimulatedGroup(routed.route)));
      group.happens(one);
    }
  }
  return [...groups.values()].reduce((sum, group) => sum + group.endAt(until), 0);
}

const begun: GroupState = { newsAt: null, notifiedAt: null, step: null };

/** A group as AlertGroups keeps one, without a database. */
class SimulatedGroup {
  private readonly members = new Map<string, GroupMember>();
  private state = begun;
  private dueAt: number | null = null;
  private count = 0;

  constructor(private readonly route: RouteRow) {}

  happens({ kind, at, alert }: Told): void {
    this.passTo(at);
    const known = this.members.get(alert.fingerprint);
    // What is over and was never told is not told any more.
    if (!known && kind === 'RESOLVE') return;
    const status: AlertStatus = kind === 'RESOLVE' ? 'RESOLVED' : 'FIRING';
    const since = status === 'FIRING' ? (known?.since ?? at) : null;
    this.members.set(alert.fingerprint, {
      alertId: alert.fingerprint,
      severity: alert.severity,
      isHeld: false,
      told: known?.told ?? null,
      status,
      since,
      step: since === null ? null : (known?.step ?? null),
      flapping: kind === 'FLAP' || (kind !== 'SETTLE' && (known?.flapping ?? false)),
    });
    this.state = { ...this.state, newsAt: this.state.newsAt ?? at };
    this.dueAt = Math.min(this.dueAt ?? Infinity, at + routeTimes(this.route).groupWaitMs);
  }

  /** The number of notifications up to a moment. */
  endAt(until: number): number {
    this.passTo(until);
    while (this.state.newsAt !== null && this.dueAt !== null) this.decide(this.dueAt);
    return this.count;
  }

  private passTo(moment: number): void {
    while (this.dueAt !== null && this.dueAt <= moment) this.decide(this.dueAt);
  }

  private decide(at: number): void {
    const { notifications, group, told, gone, dueAt } = decideGroup(
      routeTimes(this.route),
      this.state,
      [...this.members.values()],
      at,
    );
    this.count += notifications.length;
    for (const member of told) this.members.set(member.alertId, member);
    for (const alertId of gone) this.members.delete(alertId);
    this.state = this.members.size === 0 ? begun : group;
    this.dueAt = this.members.size === 0 ? null : dueAt;
  }
}
