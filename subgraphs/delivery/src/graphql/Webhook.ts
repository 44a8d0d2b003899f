import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { connectionType, countedConnectionType, DateTimeScalar, JsonObjectScalar, Node } from '@tributary/server';
import { liveId, testId } from '../domain/model.js';
import type {
  DeadLetter as DeadLetterRecord,
  StoredSecret,
  WebhookAttempt as Attempt,
  WebhookPosition,
  WebhookRow,
} from '../domain/model.js';
import {
  AttemptOutcome,
  DeadLetterState,
  DeliveryStatus,
  WebhookFormat,
  WebhookOrdering,
  WebhookSigning,
} from './enums.js';

@ObjectType({
  implements: Node,
  description:
    'A receiver outside, and the subscription whose events are sent to it, signed, at least once and in order.',
})
@Directive('@key(fields: "id")')
export class Webhook extends Node {
  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => String, { description: 'Where messages are sent.' })
  url!: string;

  @Field(() => String, { description: 'The subscription: its one field is a stream.' })
  document!: string;

  @Field(() => JsonObjectScalar, { description: 'The document’s variables.' })
  variables!: Record<string, unknown>;

  @Field(() => String, { description: 'The field of Subscription, such as alertUpdates.' })
  stream!: string;

  @Field(() => WebhookFormat, { description: 'The form of its messages.' })
  format!: WebhookFormat;

  @Field(() => WebhookSigning, { description: 'How they are signed.' })
  signing!: WebhookSigning;

  @Field(() => WebhookOrdering, { description: 'Which of them wait for which.' })
  ordering!: WebhookOrdering;

  @Field(() => Int, { description: 'Events in one request at most, 1 to 100. With 1, a request is one event.' })
  maxBatch!: number;

  @Field(() => Int, { description: 'Requests per second at most, 1 to 20.' })
  maxPerSecond!: number;

  @Field(() => [String], { description: 'Names of its own headers; their values are not shown again.' })
  headerNames!: string[];

  @Field(() => DeliveryStatus, { description: 'Whether events are sent.' })
  status!: DeliveryStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Why not: NOT_VERIFIED, BY_PERSON, OWNER_GONE, GONE, FAILING_TOO_LONG. Null while they are.',
  })
  statusReason!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when its receiver is in trouble; after 5 days the webhook is disabled. Null: it answers.',
  })
  failingSince!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Int, { description: 'Counts its changes; a change must name the one that it was decided on.' })
  version!: number;

  /** What its other fields start from. */
  row!: WebhookRow;
}

@ObjectType({ description: 'A key that messages are signed with, without the key.' })
export class WebhookSecret {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'HMAC-SHA256 or ED25519.' })
  algorithm!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it signs. Null: until it is rolled.' })
  validUntil!: Date | null;
}

@ObjectType({ description: 'An event that its receiver would not take.' })
export class DeadLetter {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => Float, { description: 'The event’s number in its stream.' })
  sequence!: number;

  @Field(() => String, { description: 'The event’s type.' })
  type!: string;

  @Field(() => DateTimeScalar, { description: 'When it was given up.' })
  at!: Date;

  @Field(() => String, { description: 'What the receiver answered.' })
  reason!: string;

  @Field(() => Int, { description: 'How often it was sent.' })
  attempts!: number;

  @Field(() => DeadLetterState, { description: 'What became of it.' })
  state!: DeadLetterState;
}

@ObjectType({ description: 'A request to a receiver. It is kept for 7 days; of its body the size and the hash.' })
export class WebhookAttempt {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was answered, or given up.' })
  at!: Date;

  @Field(() => Float, { description: 'Number of its last event; 0 for a test.' })
  sequence!: number;

  @Field(() => Int, { description: 'How many events it carried; 0 for a test.' })
  events!: number;

  @Field(() => Int, { description: 'Which one it was with these events, from 1 on.' })
  attempt!: number;

  @Field(() => AttemptOutcome, { description: 'What came of it.' })
  outcome!: AttemptOutcome;

  @Field(() => Int, { nullable: true, description: 'Status of the answer. Null: nothing was answered.' })
  statusCode!: number | null;

  @Field(() => Float, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;

  @Field(() => Int, { description: 'Bytes of its body.' })
  bytes!: number;

  @Field(() => String, { description: 'SHA-256 of its body, in hex.' })
  bodySha256!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The beginning of the answer, or why there is none. Null: it was empty.',
  })
  answer!: string | null;

  @Field(() => ID, { nullable: true, description: 'The replay that it belongs to. Null: it was live, or a test.' })
  replayId!: string | null;
}

@ObjectType({ description: 'Events that are sent again, beside those that happen.' })
export class WebhookReplay {
  @Field(() => ID, { description: 'Its id; its messages carry it.' })
  id!: string;

  @Field(() => Float, { description: 'The first number of its range.' })
  fromSequence!: number;

  @Field(() => Float, { description: 'The last one.' })
  toSequence!: number;

  @Field(() => Float, { description: 'The last one that was taken or passed over.' })
  position!: number;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it had come to its end. Null: it goes on.' })
  finishedAt!: Date | null;
}

export const WebhookConnection = countedConnectionType(() => Webhook, 'Webhook');
export const DeadLetterConnection = countedConnectionType(() => DeadLetter, 'DeadLetter');
export const WebhookAttemptConnection = connectionType(() => WebhookAttempt, 'WebhookAttempt');

export function toWebhook(row: WebhookRow): Webhook {
  const { name, url, document, variables, stream, format, signing, ordering, maxBatch, maxPerSecond, headerNames } =
    row;
  const { status, statusReason, failingSince, createdAt, version } = row;
  return Object.assign(new Webhook(), {
    id: encodeId('hook', row.id),
    ...{ name, url, document, variables, stream, format, signing, ordering, maxBatch, maxPerSecond, headerNames },
    ...{ status, statusReason, failingSince, createdAt, version },
    row,
  });
}

export function toWebhookSecret({ id, algorithm, createdAt, validUntil }: StoredSecret): WebhookSecret {
  return Object.assign(new WebhookSecret(), { id: encodeId('secret', id), algorithm, createdAt, validUntil });
}

export function toDeadLetter({ id, seq, type, at, reason, attempts, state }: DeadLetterRecord): DeadLetter {
  return Object.assign(new DeadLetter(), {
    id: encodeId('dead', id),
    sequence: seq,
    type,
    at,
    reason,
    attempts,
    state,
  });
}

export function toWebhookAttempt(attempt: Attempt): WebhookAttempt {
  const { id, at, seq, events, outcome, statusCode, durationMs, bytes, bodySha256, answer, replayId } = attempt;
  const replay = replayId === testId || replayId === liveId ? null : encodeId('replay', replayId);
  return Object.assign(new WebhookAttempt(), {
    id: encodeId('attempt', id),
    sequence: seq,
    attempt: attempt.attempt,
    ...{ at, events, outcome, statusCode, durationMs, bytes, bodySha256, answer },
    replayId: replay,
  });
}

export function toWebhookReplay(position: WebhookPosition): WebhookReplay {
  return Object.assign(new WebhookReplay(), {
    id: encodeId('replay', position.replayId),
    fromSequence: position.fromSeq + 1,
    toSequence: position.untilSeq ?? 0,
    position: position.seq,
    startedAt: position.startedAt,
    finishedAt: position.finishedAt,
  });
}
