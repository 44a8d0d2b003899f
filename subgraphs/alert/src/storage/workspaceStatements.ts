import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** When the workspace was made. */
export function workspaceMadeAt(): Statement<Date> {
  return sql(
    'alert.workspaceMadeAt',
    'select created_at from workspace where workspace_id = $1',
    [],
    (row) => row['created_at'] as Date,
  );
}
