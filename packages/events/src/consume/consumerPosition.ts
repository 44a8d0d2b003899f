import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** How far a durable consumer has read a stream of one workspace: 0 before the first event. */
export function beginPosition(consumer: string, stream: string): Statement {
  return sql(
    'consumer.beginPosition',
    `insert into consumer_position (workspace_id, consumer, stream_id, seq) values ($1, $2, $3, 0)
     on conflict (workspace_id, consumer, stream_id) do nothing`,
    [consumer, stream],
  );
}

/** The position, held until the end of the transaction; no row while another process holds it. */
export function lockPosition(consumer: string, stream: string): Statement<number> {
  return sql(
    'consumer.lockPosition',
    `select seq from consumer_position where workspace_id = $1 and consumer = $2 and stream_id = $3 for update skip locked`,
    [consumer, stream],
    (row) => Number(row['seq']),
  );
}

export function movePosition(consumer: string, stream: string, sequence: number): Statement {
  return sql(
    'consumer.movePosition',
    `update consumer_position set seq = $4 where workspace_id = $1 and consumer = $2 and stream_id = $3`,
    [consumer, stream, sequence],
  );
}
