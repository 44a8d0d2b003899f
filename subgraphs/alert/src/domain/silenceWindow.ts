import { RRuleTemporal } from 'rrule-temporal';
import type { SilenceRow } from '../storage/SilenceRow.js';

/** When a silence holds notifications. */
export type SilenceTimes = Pick<SilenceRow, 'startsAt' | 'endsAt' | 'rrule' | 'timeZone' | 'durationSeconds'>;

/** From its first millisecond until just before the last one. */
export interface SilenceWindow {
  readonly from: Date;
  readonly until: Date;
}

/** What a series may cost to look through: one that says more than a year of hours before its next occurrence is refused. */
const mostIterations = 1_000;
const mostCandidates = 20_000;

/**
 * The window that a silence is in at a moment, else the next one; null when there is none any more. Occurrences begin at the same time of
 * day by the clock of their zone. As RFC 5545 has it, one whose time a clock skips does not take place, and one whose time comes twice is
 * the first. Throws what the library throws for a rule that it cannot read, or that leads to nothing.
 */
export function windowAt(times: SilenceTimes, at: Date): SilenceWindow | null {
  const { startsAt, endsAt, rrule, durationSeconds } = times;
  if (at >= endsAt) return null;
  if (rrule === null) return { from: startsAt, until: endsAt };
  const durationMs = (durationSeconds ?? 0) * 1_000;
  const series = seriesOf(times);
  const windowOf = (from: Date) => ({ from, until: new Date(Math.min(from.getTime() + durationMs, endsAt.getTime())) });
  const last = momentOf(series.previous(at, true));
  if (last && last.getTime() + durationMs > at.getTime()) return windowOf(last);
  const next = momentOf(series.next(at, false));
  return next && next < endsAt ? windowOf(next) : null;
}

/** When it begins next, behind a moment; null: never. */
export function nextBeginning(times: SilenceTimes, at: Date): Date | null {
  if (times.rrule === null) return times.startsAt > at ? times.startsAt : null;
  const next = momentOf(seriesOf(times).next(at, false));
  return next && next < times.endsAt ? next : null;
}

/** The first occurrences of a series. */
export function firstOccurrences(times: SilenceTimes, most: number): Date[] {
  const found: Date[] = [];
  const series = seriesOf(times);
  let at = new Date(times.startsAt.getTime() - 1);
  for (let made = 0; made < most; made += 1) {
    const next = momentOf(series.next(at, false));
    if (!next || next >= times.endsAt) break;
    found.push(next);
    at = next;
  }
  return found;
}

function seriesOf({ rrule, timeZone, startsAt }: SilenceTimes): RRuleTemporal {
  const zone = timeZone ?? 'UTC';
  return new RRuleTemporal({
    rruleString: rrule ?? '',
    dtstart: { timeZoneId: zone, toString: () => `${startsAt.toISOString()}[${zone}]` },
    strict: true,
    cache: false,
    maxIterations: mostIterations,
    maxCandidateEvaluations: mostCandidates,
  });
}

function momentOf(found: { readonly epochMilliseconds: number } | null): Date | null {
  return found && new Date(found.epochMilliseconds);
}
