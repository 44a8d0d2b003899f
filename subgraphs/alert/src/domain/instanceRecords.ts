import type { InstanceRow } from '../storage/InstanceRow.js';
import type { AlertInstance } from './alertMachine.js';
import type { AlertCause, Tracked } from './evaluateTick.js';

/** The instance that a transition keeps; null where it keeps none: what was there before the machine. */
export function readStoredInstance(stored: Readonly<Record<string, unknown>>): AlertInstance | null {
  return typeof stored['state'] === 'string' ? (stored as unknown as AlertInstance) : null;
}

export function trackedOf(row: InstanceRow, ruleFingerprint: string): Tracked {
  const instance: AlertInstance = {
    state: row.state,
    since: row.since.getTime(),
    value: row.value,
    observedAt: row.observedAt?.getTime() ?? null,
    noDataSince: row.noDataSince?.getTime() ?? null,
    mutedUntilClear: row.mutedUntilClear,
    changes: row.changes.map((at) => at.getTime()),
    flapping: row.flapping,
    endedAt: row.endedAt?.getTime() ?? null,
    repeats: row.repeats,
    toldAt: row.toldAt?.getTime() ?? null,
  };
  return { fingerprint: row.fingerprint, cause: causeOf(row.fingerprint, ruleFingerprint), key: row.key, instance };
}

export function rowOf({ fingerprint, key, instance }: Tracked, lastAlertId: string | null): StoredRow {
  return {
    fingerprint,
    key,
    state: instance.state,
    since: new Date(instance.since),
    value: instance.value,
    observedAt: dateOf(instance.observedAt),
    noDataSince: dateOf(instance.noDataSince),
    mutedUntilClear: instance.mutedUntilClear,
    changes: instance.changes.map((at) => new Date(at)),
    flapping: instance.flapping,
    endedAt: dateOf(instance.endedAt),
    repeats: instance.repeats,
    toldAt: dateOf(instance.toldAt),
    lastAlertId,
  };
}

type StoredRow = Omit<InstanceRow, 'workspaceId' | 'ruleId' | 'version'>;

/** Fingerprints of what a rule says about itself go on with # where those of groups go on with a colon. */
export function causeOf(fingerprint: string, ruleFingerprint: string): AlertCause {
  const rest = fingerprint.slice(ruleFingerprint.length);
  if (rest.startsWith('#no-data')) return 'NO_DATA';
  if (rest === '#overflow') return 'OVERFLOW';
  return rest === '#health' ? 'HEALTH' : 'CONDITION';
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
