import { CodedError } from '@tributary/contracts/errors';
import type { SilenceRow } from '../storage/SilenceRow.js';
import { checkedComment } from './checkedComment.js';
import { firstOccurrences } from './silenceWindow.js';

/** What a silence says, without its place in the workspace. */
export type SilenceDefinition = Pick<
  SilenceRow,
  'kind' | 'matchers' | 'comment' | 'startsAt' | 'endsAt' | 'rrule' | 'timeZone' | 'durationSeconds'
>;

const longestMs = 5 * 366 * 86_400_000;
const longestRule = 500;
const shortestDuration = 60;
const longestDuration = 7 * 86_400;
const mostCount = 500;
const hourMs = 3_600_000;
/** Occurrences that are looked at for how close they are. */
const lookedAt = 60;
const frequencies = /^FREQ=(?:HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*$/;

/** Throws INVALID_INPUT for a silence that cannot be. Matchers are checked elsewhere. */
export function checkSilence(silence: SilenceDefinition, now: Date): void {
  const { startsAt, endsAt, rrule, timeZone, durationSeconds } = silence;
  checkedComment(silence.comment);
  if (endsAt <= startsAt) throw wrong('endsAt', '`endsAt` must be later than `startsAt`.');
  if (endsAt <= now)
    throw wrong('endsAt', '`endsAt` is in the past, so this would silence nothing: give an end that is ahead.');
  if (endsAt.getTime() - now.getTime() > longestMs) throw wrong('endsAt', '`endsAt` may be five years ahead at most.');
  if (now.getTime() - startsAt.getTime() > longestMs)
    throw wrong('startsAt', '`startsAt` may be five years ago at most.');
  if (rrule === null) {
    if (timeZone !== null || durationSeconds !== null)
      throw wrong('rrule', '`timeZone` and `durationSeconds` are of what recurs. Give `rrule`, or leave them out.');
    return;
  }
  if (timeZone === null || !isTimeZone(timeZone))
    throw wrong('timeZone', 'What recurs needs `timeZone`, a name of the IANA database such as Europe/Zurich.');
  if (durationSeconds === null || durationSeconds < shortestDuration || durationSeconds > longestDuration)
    throw wrong('durationSeconds', 'What recurs needs `durationSeconds`, 60 to 604,800 (7 days).');
  checkSeries(silence, rrule);
}

function checkSeries(silence: SilenceDefinition, rrule: string): void {
  if (rrule.length > longestRule || !frequencies.test(rrule)) {
    throw wrong(
      'rrule',
      '`rrule` is a rule of RFC 5545 without DTSTART that begins with FREQ=HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY, such as FREQ=WEEKLY;BYDAY=SU.',
    );
  }
  if (Number(/;COUNT=(\d+)/.exec(rrule)?.[1] ?? 0) > mostCount)
    throw wrong('rrule', '`rrule` has COUNT=500 at most. Say with `endsAt` when the series ends.');
  const found = readSeries(silence);
  if (found.length === 0)
    throw wrong('rrule', '`rrule` has no occurrence between `startsAt` and `endsAt`, or none within reach.');
  const isClose = found.some((at, index) => index > 0 && at.getTime() - found[index - 1]!.getTime() < hourMs);
  if (isClose) throw wrong('rrule', '`rrule` has one occurrence an hour at most.');
}

function readSeries(silence: SilenceDefinition): Date[] {
  try {
    return firstOccurrences(silence, lookedAt);
  } catch (error) {
    const reason = error instanceof Error ? ` ${error.message}.` : '';
    throw wrong('rrule', `\`rrule\` cannot be read, or leads to nothing.${reason}`);
  }
}

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions() !== undefined;
  } catch {
    return false;
  }
}

function wrong(field: string, message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
