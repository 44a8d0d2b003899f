import { sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';

/** How far a channel has come in stream `notifications`, or a test of it. */
export interface ChannelPosition {
  readonly channelId: string;
  readonly isTest: boolean;
  readonly active: boolean;
  /** Read up to. */
  readonly seq: number;
  readonly fence: number;
  /** Times that the next notification was sent without being taken. */
  readonly attempt: number;
}

const columns = 'channel_id, is_test, active, seq, fence, attempt';

function toPosition(row: Row): ChannelPosition {
  return {
    channelId: row['channel_id'] as string,
    isTest: row['is_test'] as boolean,
    active: row['active'] as boolean,
    seq: Number(row['seq']),
    fence: Number(row['fence']),
    attempt: row['attempt'] as number,
  };
}

/** A new position; one that is there begins anew, and whoever works on it finds the fence raised. */
export function putChannelPosition(channelId: string, isTest: boolean, seq: number): Statement {
  return sql(
    'delivery.putChannelPosition',
    `insert into channel_position as p (workspace_id, channel_id, is_test, active, seq) values ($1, $2, $3, true, $4)
     on conflict (workspace_id, channel_id, is_test) do update
     set active = true, seq = excluded.seq, fence = p.fence + 1, lease_until = null, attempt = 0, next_attempt_at = excluded.next_attempt_at`,
    [channelId, isTest, seq],
  );
}

/** Lets a channel go on at once, or keeps it from sending, and takes it from whoever is at it. */
export function setChannelActive(channelId: string, active: boolean): Statement {
  return sql(
    'delivery.setChannelActive',
    `update channel_position set active = $3, fence = fence + 1, lease_until = null, next_attempt_at = now()
     where workspace_id = $1 and channel_id = $2 and not is_test returning channel_id`,
    [channelId, active],
  );
}

/** Takes a due position for `leaseMs`. No row when another was faster, or it is not due any more. */
export function claimChannel(channelId: string, isTest: boolean, leaseMs: number): Statement<ChannelPosition> {
  return sql(
    'delivery.claimChannel',
    `update channel_position set fence = fence + 1, lease_until = now() + $4::integer * interval '1 millisecond'
     where workspace_id = $1 and channel_id = $2 and is_test = $3 and active and next_attempt_at <= now()
       and (lease_until is null or lease_until <= now())
     returning ${columns}`,
    [channelId, isTest, leaseMs],
    toPosition,
  );
}

export interface ChannelStep {
  readonly seq: number;
  readonly attempt: number;
  /** Until it is looked at again. */
  readonly waitMs: number;
  /** False: a test is over. */
  readonly active: boolean;
  /** 0: somebody else may take it. */
  readonly leaseMs: number;
}

/** Writes it as long as nobody else has taken the position since: no row otherwise. */
export function moveChannel(held: ChannelPosition, step: ChannelStep): Statement<ChannelPosition> {
  return sql(
    'delivery.moveChannel',
    `update channel_position set seq = $5, attempt = $6, next_attempt_at = now() + $7::bigint * interval '1 millisecond', active = $8,
       lease_until = now() + case when $9::integer > 0 then $9::integer * interval '1 millisecond' end
     where workspace_id = $1 and channel_id = $2 and is_test = $3 and fence = $4 and active
     returning ${columns}`,
    [held.channelId, held.isTest, held.fence, step.seq, step.attempt, step.waitMs, step.active, step.leaseMs],
    toPosition,
  );
}
