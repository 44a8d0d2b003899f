import type { WebhookMeasure } from '@tributary/contracts/values';
import { heavy, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { liveId } from './positionStatements.js';

/** Moments that are a step apart. */
export interface Moments {
  readonly firstEnd: Date;
  readonly count: number;
  readonly stepMs: number;
}

export interface WebhookFigure {
  readonly index: number;
  /** Bare uuid; null when it is of all. */
  readonly key: string | null;
  readonly value: number;
}

/** Since when receivers have not answered, whether they are still tried or were given up. */
const failing = `select moment.index, webhook.id,
    extract(epoch from $2::timestamptz + moment.index * $4::bigint * interval '1 millisecond' - webhook.failing_since) as value
  from webhook cross join generate_series(0, $3::integer - 1) as moment (index)
  where webhook.workspace_id = $1 and (webhook.status = 'FAILING' or webhook.status_reason = 'FAILING_TOO_LONG')
    and webhook.failing_since < $2::timestamptz + moment.index * $4::bigint * interval '1 millisecond'`;

/**
 * How many numbers of its log each webhook has not taken now, of those that there were at a moment. Numbers and times rise together, so that
 * nothing is read but what happened since the first moment, and one event from before it.
 */
const lagging = `select moment.index, followed.id,
    max(step.seq) over (partition by followed.id order by moment.index) - followed.seq as value
  from (
    select webhook.id, place.log, place.seq from webhook
    join webhook_position place on place.workspace_id = $1 and place.webhook_id = webhook.id and place.replay_id = '${liveId}'
    where webhook.workspace_id = $1 and webhook.status in ('ACTIVE', 'FAILING')
  ) as followed cross join generate_series(0, $3::integer - 1) as moment (index) left join (
    select webhook_position.webhook_id as id, found.index, found.seq from webhook_position
    left join lateral (
      select event.seq from event where event.workspace_id = $1 and event.stream_id = webhook_position.log
        and event.seq > webhook_position.seq and event.at < $2::timestamptz order by event.seq desc limit 1
    ) as before on true
    cross join lateral (
      select 0 as index, before.seq where before.seq is not null
      union all
      select floor(extract(epoch from event.at - $2::timestamptz) * 1000 / $4::bigint)::integer + 1, max(event.seq) from event
      where event.workspace_id = $1 and event.stream_id = webhook_position.log and event.seq > coalesce(before.seq, webhook_position.seq)
        and event.at >= $2::timestamptz group by 1
    ) as found
    where webhook_position.workspace_id = $1 and webhook_position.replay_id = '${liveId}'
  ) as step on step.id = followed.id and step.index = moment.index`;

const measures: Readonly<Record<WebhookMeasure, string>> = {
  WEBHOOK_FAILING_SECONDS: failing,
  WEBHOOK_LAG_EVENTS: lagging,
};

/** A measure of webhooks at each moment that has some: of the worst of all, or of each. */
export function webhookFigures(
  measure: WebhookMeasure,
  isOfEach: boolean,
  { firstEnd, count, stepMs }: Moments,
  limit: number,
): Statement<WebhookFigure> {
  return heavy(
    sql(
      'delivery.webhookFigures',
      `select index, ${isOfEach ? 'id::text' : 'null::text'} as key, max(value) as value from (${measures[measure]}) as figure
       where value > 0 group by 1, 2 order by 1, 2 limit $5`,
      [firstEnd, count, stepMs, limit],
      toFigure,
    ),
  );
}

function toFigure(row: Row): WebhookFigure {
  return { index: row['index'] as number, key: row['key'] as string | null, value: Number(row['value']) };
}
