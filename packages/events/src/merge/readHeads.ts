import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import type { StreamId } from '@tributary/contracts/events';
import { markOf, startOfStream } from '../streamCursor.js';
import type { StreamPosition } from '../streamCursor.js';

/** Where several streams end, in one snapshot; no row for one that nothing was written to. */
export function readHeads(
  streams: readonly StreamId[],
): Statement<{ readonly stream: StreamId; readonly position: StreamPosition }> {
  return sql(
    'event.readHeads',
    `select h.stream_id, h.last_seq, e.event_id from stream_head h
     left join event e on e.workspace_id = h.workspace_id and e.stream_id = h.stream_id and e.seq = h.last_seq
     where h.workspace_id = $1 and h.stream_id = any($2::text[] collate "C")`,
    [streams],
    (row) => ({
      stream: row['stream_id'] as StreamId,
      position: {
        sequence: Number(row['last_seq']),
        mark: row['event_id'] === null ? startOfStream.mark : markOf(row['event_id'] as string),
      },
    }),
  );
}
