import { sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { AttemptOutcome } from '@tributary/contracts/values';

/** What was sent by a channel, or is tried to be. */
export interface Notification {
  readonly id: string;
  readonly channelId: string;
  /** Of its event in stream `notifications`; null: a test. */
  readonly seq: number | null;
  /** Of its last attempt. */
  readonly at: Date;
  readonly kind: string;
  readonly route: string;
  readonly alerts: number;
  readonly attempts: number;
  readonly outcome: AttemptOutcome;
  readonly answer: string | null;
}

const columns = 'id, channel_id, seq, at, kind, route, alerts, attempts, outcome, answer';

function toNotification(row: Row): Notification {
  return {
    id: row['id'] as string,
    channelId: row['channel_id'] as string,
    seq: row['seq'] === null ? null : Number(row['seq']),
    at: row['at'] as Date,
    kind: row['kind'] as string,
    route: row['route'] as string,
    alerts: row['alerts'] as number,
    attempts: row['attempts'] as number,
    outcome: row['outcome'] as AttemptOutcome,
    answer: row['answer'] as string | null,
  };
}

/** One that was tried before says anew what came of it. Answers its id. */
export function putNotification(given: Notification): Statement<string> {
  const { id, channelId, seq, at, kind, route, alerts, attempts, outcome, answer } = given;
  return sql(
    'delivery.putNotification',
    `insert into notification (workspace_id, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (workspace_id, channel_id, seq) do update
     set at = excluded.at, attempts = excluded.attempts, outcome = excluded.outcome, answer = excluded.answer
     returning id`,
    [id, channelId, seq, at, kind, route, alerts, attempts, outcome, answer],
    (row) => row['id'] as string,
  );
}

/** Which alerts it was about. */
export function putNotifiedAlerts(notificationId: string, alertIds: readonly string[]): Statement {
  return sql(
    'delivery.putNotifiedAlerts',
    `insert into notification_alert (workspace_id, alert_id, notification_id)
     select w.workspace_id, alert.id, $2 from workspace w cross join unnest($3::uuid[]) as alert (id) where w.workspace_id = $1
     on conflict do nothing`,
    [notificationId, alertIds],
  );
}

/** What was sent for an alert, newest first, behind `after`. */
export function notificationsOfAlert(alertId: string, after: string | null, limit: number): Statement<Notification> {
  return sql(
    'delivery.notificationsOfAlert',
    `select n.id, n.channel_id, n.seq, n.at, n.kind, n.route, n.alerts, n.attempts, n.outcome, n.answer
     from notification_alert a join notification n on n.workspace_id = a.workspace_id and n.id = a.notification_id
     where a.workspace_id = $1 and a.alert_id = $2 and ($3::uuid is null or n.id < $3) order by n.id desc limit $4`,
    [alertId, after, limit],
    toNotification,
  );
}

/** The newest test behind `after`. */
export function notificationOfTest(channelId: string, after: string): Statement<Notification> {
  return sql(
    'delivery.notificationOfTest',
    `select ${columns} from notification
     where workspace_id = $1 and channel_id = $2 and seq is null and id > $3 order by id desc limit 1`,
    [channelId, after],
    toNotification,
  );
}

export function deleteNotifications(before: Date, most: number): Statement {
  return sql(
    'delivery.deleteNotifications',
    `delete from notification where workspace_id = $1 and id in (
       select id from notification where workspace_id = $1 and at < $2 order by at limit $3) returning id`,
    [before, most],
  );
}
