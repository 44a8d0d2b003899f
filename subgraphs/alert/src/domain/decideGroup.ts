import type { AlertSeverity, AlertStatus, NotificationKind } from '@tributary/contracts/values';

/** What of a route decides. Times are milliseconds. */
export interface RouteTimes {
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatMs: number;
  /** Ascending, from 0 on. */
  readonly stepsAfterMs: readonly number[];
}

/** What is known of a group. Moments are milliseconds since 1970. */
export interface GroupState {
  /** Since when something waits to be told; null: nothing does. */
  readonly newsAt: number | null;
  readonly notifiedAt: number | null;
  /** The highest step that was told since the group began; null: none. */
  readonly step: number | null;
}

export interface GroupMember {
  readonly alertId: string;
  readonly status: AlertStatus;
  readonly severity: AlertSeverity;
  readonly flapping: boolean;
  /** Whether a silence holds it. */
  readonly isHeld: boolean;
  /** What people were told of it last; null: nothing. */
  readonly told: string | null;
  /** Since when it fires and nobody has acknowledged it; null: it does not. */
  readonly since: number | null;
  /** The highest step that was told of it since then; null: none. */
  readonly step: number | null;
}

/** People must be told of these alerts by the channels of these steps. */
export interface GroupNotification {
  readonly kind: NotificationKind;
  readonly alertIds: readonly string[];
  readonly steps: readonly number[];
}

export interface GroupDecision {
  readonly notifications: readonly GroupNotification[];
  readonly group: GroupState;
  /** Those of which people know something else now. */
  readonly told: readonly GroupMember[];
  /** Those of which nothing is left to be told. */
  readonly gone: readonly string[];
  /** When it is to be looked at again; null: when something happens. */
  readonly dueAt: number | null;
}

/** What is said of an alert: when it changes, that is news. */
function sayingOf({ status, severity, flapping }: Omit<GroupMember, 'told'>): string {
  return status === 'RESOLVED' ? status : `${status} ${severity}${flapping ? ' FLAPPING' : ''}`;
}

/**
 * Of what people must be told of a group at a moment, and when it is to be looked at again: the one place where that is decided. News
 * of a new group waits for others, later news keep a distance; what fires on is told again; what nobody acknowledges is told to others,
 * step by step. A silence holds all of it but the end of what was told.
 */
export function decideGroup(
  times: RouteTimes,
  group: GroupState,
  members: readonly GroupMember[],
  now: number,
): GroupDecision {
  const notifications: GroupNotification[] = [];
  const known = new Map(members.map((member) => [member.alertId, member]));
  const news = members.filter(isNews);
  let state: GroupState = { ...group, newsAt: news.length === 0 ? null : (group.newsAt ?? now) };
  const newsDue = dueOfNews(times, state);
  if (newsDue !== null && newsDue <= now) {
    const open = members.filter((member) => isShown(member) && (member.told !== null || isNews(member)));
    const ended = news.filter(({ status }) => status === 'RESOLVED');
    const kind = open.length === 0 ? 'RESOLVED' : state.step === null ? 'FIRED' : 'UPDATED';
    const alertIds = [...open, ...ended].map(({ alertId }) => alertId);
    notifications.push({ kind, alertIds, steps: upTo(state.step ?? 0) });
    for (const member of news) {
      const step = member.status === 'FIRING' ? (member.step ?? 0) : member.step;
      known.set(member.alertId, { ...member, told: sayingOf(member), step });
    }
    state = { newsAt: null, notifiedAt: now, step: open.length === 0 ? null : (state.step ?? 0) };
  }
  const unanswered = () => [...known.values()].filter(isUnanswered);
  for (const [step, late] of Map.groupBy(unanswered(), (member) => reached(times, member, now))) {
    const due = late.filter((member) => step > stepOf(member));
    if (due.length === 0) continue;
    const steps = upTo(step).slice(Math.min(...due.map(stepOf)) + 1);
    notifications.push({ kind: 'ESCALATED', alertIds: due.map(({ alertId }) => alertId), steps });
    for (const member of due) known.set(member.alertId, { ...member, step });
    state = { ...state, notifiedAt: now, step: Math.max(step, state.step ?? 0) };
  }
  const open = unanswered();
  const repeatAt = (state.notifiedAt ?? now) + times.repeatMs;
  if (open.length > 0 && notifications.length === 0 && now >= repeatAt) {
    notifications.push({
      kind: 'REPEATED',
      alertIds: open.map(({ alertId }) => alertId),
      steps: upTo(state.step ?? 0),
    });
    state = { ...state, notifiedAt: now };
  }
  const before = new Map(members.map((member) => [member.alertId, member]));
  const gone = [...known.values()].filter(({ status, told }) => status === 'RESOLVED' && (told ?? status) === status);
  return {
    notifications,
    group: state,
    told: [...known.values()].filter((member) => member !== before.get(member.alertId)),
    gone: gone.map(({ alertId }) => alertId),
    dueAt: earliest([
      dueOfNews(times, state),
      open.length > 0 ? (state.notifiedAt ?? now) + times.repeatMs : null,
      ...open.map((member) => dueOfStep(times, member)),
    ]),
  };
}

/** Whether people may be told of it while it is open. */
function isShown({ status, isHeld }: GroupMember): boolean {
  return status !== 'RESOLVED' && !isHeld;
}

/** Whether people know that it fires, and nobody has acknowledged it. */
function isUnanswered(member: GroupMember): boolean {
  const { status, told, since } = member;
  return status === 'FIRING' && isShown(member) && told !== null && since !== null && !isNews(member);
}

/** -1: what was told of it was told before it began to fire anew. */
function stepOf({ step }: GroupMember): number {
  return step ?? -1;
}

/** Whether people know something else of it. What was never told is not acknowledged or ended to anybody. */
function isNews(member: GroupMember): boolean {
  const { told, status } = member;
  if (told === null) return status === 'FIRING' && isShown(member);
  if (status === 'RESOLVED') return told !== 'RESOLVED';
  return isShown(member) && told !== sayingOf(member);
}

function dueOfNews({ groupWaitMs, groupIntervalMs }: RouteTimes, { newsAt, notifiedAt, step }: GroupState) {
  if (newsAt === null) return null;
  const first = newsAt + groupWaitMs;
  return notifiedAt === null || step === null ? first : Math.max(first, notifiedAt + groupIntervalMs);
}

/** The highest step whose time has come. */
function reached({ stepsAfterMs }: RouteTimes, member: GroupMember, now: number): number {
  const since = member.since ?? now;
  return Math.max(
    stepOf(member),
    stepsAfterMs.findLastIndex((after) => since + after <= now),
  );
}

function dueOfStep({ stepsAfterMs }: RouteTimes, member: GroupMember): number | null {
  const after = stepsAfterMs[stepOf(member) + 1];
  return after === undefined || member.since === null ? null : member.since + after;
}

function upTo(step: number): number[] {
  return Array.from({ length: step + 1 }, (_, index) => index);
}

function earliest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}
