import type pg from 'pg';

/** One channel that is given up, and what people were told of an alert by each channel, and in which thread. No route of the net waits long enough to tell of one by itself. */
export async function fillNotifications(admin: pg.Client, workspaceId: string): Promise<void> {
  await admin.query(
    `with told as (
       insert into notification (workspace_id, id, channel_id, seq, at, kind, route, alerts, attempts, outcome, answer)
       select workspace_id, gen_random_uuid(), id, 1, now(), 'FIRED', 'route', 1, 1, 'DELIVERED', 'taken' from channel where workspace_id = $1
       returning workspace_id, id
     )
     insert into notification_alert (workspace_id, alert_id, notification_id)
     select told.workspace_id, alert.id, told.id from told join alert on alert.workspace_id = told.workspace_id`,
    [workspaceId],
  );
  await admin.query(
    `insert into channel_thread (workspace_id, channel_id, group_key, reference) select workspace_id, id, 'group', 'thread' from channel
     where workspace_id = $1`,
    [workspaceId],
  );
  await admin.query(
    `update channel set status = 'DISABLED', status_reason = 'FAILING_TOO_LONG', failing_since = now() where workspace_id = $1`,
    [workspaceId],
  );
}
