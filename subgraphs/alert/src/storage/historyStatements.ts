import type { Actor } from '@tributary/contracts/principal';
import { bulkInsert, sql } from '@tributary/data';
import type { EntityTable, Statement } from '@tributary/data';
import type { HistoryRow } from './HistoryRow.js';

/** What happened, to which alerts, on whose behalf. */
interface Happened {
  readonly at: Date;
  readonly actor: Actor;
  readonly kind: string;
  readonly comment: string | null;
}

interface HistoryEntry {
  readonly alertId: string;
  /** The version of the alert that it made. */
  readonly number: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

export function insertHistory({ at, actor, kind, comment }: Happened, entries: readonly HistoryEntry[]): Statement {
  const { text, values } = bulkInsert({
    into: 'alert_history',
    entries,
    shared: {
      at: ['timestamptz', at],
      kind: ['text', kind],
      actor_kind: ['text', actor.kind],
      actor_id: ['text', actor.kind === 'system' ? actor.part : actor.id],
      comment: ['text', comment],
    },
    columns: {
      alert_id: { type: 'uuid', of: (entry) => entry.alertId },
      number: { type: 'integer', of: (entry) => entry.number },
      facts: { type: 'jsonb', of: (entry) => JSON.stringify(entry.facts) },
    },
  });
  return sql('alert.insertHistory', text, values);
}

/** Of each of these alerts the history, oldest first, behind `after`. */
export function listHistory(
  table: EntityTable<HistoryRow>,
  alertIds: readonly string[],
  after: number,
  limit: number,
): Statement<HistoryRow> {
  return table.sql(
    'alert.listHistory',
    `select found.* from unnest((select $2::uuid[])) as wanted (alert_id)
     cross join lateral (
       select ${table.columnList} from alert_history
       where workspace_id = $1 and alert_id = wanted.alert_id and number > $3 order by number limit $4
     ) as found`,
    [alertIds, after, limit],
  );
}
