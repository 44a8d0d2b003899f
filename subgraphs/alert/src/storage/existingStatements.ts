import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** Which of these alerts exist. */
export function existingAlerts(ids: readonly string[]): Statement<string> {
  return sql(
    'alert.existingAlerts',
    'select id from alert where workspace_id = $1 and id = any($2::uuid[])',
    [ids],
    (row) => row['id'] as string,
  );
}

/** Which of these rules exist. */
export function existingRules(ids: readonly string[]): Statement<string> {
  return sql(
    'alert.existingRules',
    'select id from alert_rule where workspace_id = $1 and id = any($2::uuid[])',
    [ids],
    (row) => row['id'] as string,
  );
}

/** Which of these silences exist. */
export function existingSilences(ids: readonly string[]): Statement<string> {
  return sql(
    'alert.existingSilences',
    'select id from alert_silence where workspace_id = $1 and id = any($2::uuid[])',
    [ids],
    (row) => row['id'] as string,
  );
}
