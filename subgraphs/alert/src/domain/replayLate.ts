import type { AlertResolvedReason } from '@tributary/contracts/values';
import type { StoredTransition } from '../storage/instanceStatements.js';
import { isOpen } from './alertMachine.js';
import type { EvaluatedRule } from './EvaluatedRule.js';
import { causeOf, readStoredInstance } from './instanceRecords.js';
import type { TickOutcome, Tracked, TrackedByFingerprint } from './evaluateTick.js';

/** A stretch of time in which an alert is open, by what is known now. */
export interface Episode {
  readonly fingerprint: string;
  /** It was open before the first tick. */
  readonly isCarried: boolean;
  readonly from: number;
  /** Null: it still is. */
  readonly to: number | null;
  readonly reason: AlertResolvedReason;
  /** The instance at its beginning. */
  readonly first: Tracked;
}

/**
 * Everything that was known of a rule just before a tick, from its transitions; null when something was decided since that late data must
 * not undo: a person's decision, or what was there before the machine. `now` is what is known now.
 */
export function knownBefore(
  rule: EvaluatedRule,
  transitions: readonly StoredTransition[],
  now: TrackedByFingerprint,
  tick: number,
): TrackedByFingerprint | null {
  if (transitions.some((one) => one.cause === 'DECIDED' && one.tick.getTime() >= tick)) return null;
  const before = new Map<string, Tracked>();
  const place = (fingerprint: string): Omit<Tracked, 'instance'> => ({
    fingerprint,
    cause: causeOf(fingerprint, rule.fingerprint),
    key: now.get(fingerprint)?.key ?? keyOfFingerprint(rule, fingerprint),
  });
  for (const [fingerprint, list] of Map.groupBy(transitions, (one) => one.fingerprint)) {
    const last = list.findLast((one) => one.tick.getTime() < tick);
    const stored = last && readStoredInstance(last.after);
    // What was decided before the machine was there has no instance.
    if (last && !stored) return null;
    if (stored) before.set(fingerprint, { ...place(fingerprint), instance: stored });
  }
  const changed = new Set(transitions.map((one) => one.fingerprint));
  for (const [fingerprint, one] of now) {
    // It has not changed for longer than transitions are kept. What changed since and not before was not known then.
    if (!before.has(fingerprint) && !changed.has(fingerprint)) before.set(fingerprint, one);
  }
  return before;
}

/** When alerts are open by what is known now. */
export function episodesOf(before: TrackedByFingerprint, outcomes: readonly TickOutcome[]): Episode[] {
  const open = new Map<string, Omit<Episode, 'to' | 'reason'>>();
  for (const [fingerprint, one] of before) {
    if (isOpen(one.instance))
      open.set(fingerprint, { fingerprint, isCarried: true, from: one.instance.since, first: one });
  }
  const episodes: Episode[] = [];
  for (const { tick, moved } of outcomes) {
    for (const { after, effects } of moved) {
      const { fingerprint } = after;
      const begun = open.get(fingerprint);
      const ended = effects.find((effect) => effect.kind === 'RESOLVE');
      if (begun && ended) {
        episodes.push({ ...begun, to: tick, reason: ended.reason });
        open.delete(fingerprint);
      }
      if (!begun && isOpen(after.instance))
        open.set(fingerprint, { fingerprint, isCarried: false, from: tick, first: after });
    }
  }
  return [...episodes, ...[...open.values()].map((one): Episode => ({ ...one, to: null, reason: 'BACK_TO_NORMAL' }))];
}

/** The group that a fingerprint is of. */
export function keyOfFingerprint({ groupBy, fingerprint }: EvaluatedRule, whole: string): string | null {
  if (groupBy === null) return null;
  const rest = whole.slice(fingerprint.length).replace(/^#no-data/, '');
  return rest.startsWith(':') && rest.length > 1 ? rest.slice(1) : null;
}
