import { Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { CursorScalar, DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { WebhookFormat, WebhookOrdering, WebhookSigning } from './enums.js';

const idempotency = {
  nullable: true,
  description: 'The same key with the same input does nothing again for 24 hours. Null: every call counts.',
} as const;

export const ResumeFrom = { POSITION: 'POSITION', NOW: 'NOW' } as const;
export type ResumeFrom = keyof typeof ResumeFrom;
registerEnumType(ResumeFrom, {
  name: 'ResumeFrom',
  description: 'Where a webhook goes on.',
  valuesConfig: {
    POSITION: { description: 'Where it stood: nothing is skipped that can still be read.' },
    NOW: { description: 'Behind the last event that there is.' },
  },
});

@InputType({ description: 'A header of a receiver’s own.' })
export class HeaderInput {
  @Field(() => String, {
    description: 'Its name; not one that a request has itself, such as host, content-* or webhook-*.',
  })
  name!: string;

  @Field(() => String, { description: 'Its value, 4,000 characters of ASCII at most. It is not shown again.' })
  value!: string;
}

@InputType({ description: 'What is sent to whom.' })
export class WebhookInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @Field(() => String, { description: 'Where messages are sent: https:// to a public address.' })
  url!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A subscription whose one field is a stream. Null: it is named by documentId.',
  })
  document?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of a stored operation. Null: the document is given.' })
  documentId?: string | null;

  @Field(() => JsonObjectScalar, { nullable: true, description: 'The document’s variables. Null: none.' })
  variables?: Record<string, unknown> | null;

  @Field(() => WebhookFormat, { defaultValue: 'STANDARD', description: 'The form of its messages.' })
  format!: WebhookFormat;

  @Field(() => WebhookSigning, { defaultValue: 'SYMMETRIC', description: 'How they are signed.' })
  signing!: WebhookSigning;

  @Field(() => WebhookOrdering, { defaultValue: 'STREAM', description: 'Which messages wait for which.' })
  ordering!: WebhookOrdering;

  @Field(() => Int, { defaultValue: 1, description: 'Events in one request at most, 1 to 100.' })
  maxBatch!: number;

  @Field(() => Int, { defaultValue: 20, description: 'Requests per second at most, 1 to 20.' })
  maxPerSecond!: number;

  @Field(() => [HeaderInput], { nullable: true, description: 'Headers of its own, 10 at most. Null: none.' })
  headers?: HeaderInput[] | null;

  @Field(() => CursorScalar, {
    nullable: true,
    description: 'The first event is the one behind this position of the stream. Null: from now on.',
  })
  startAfter?: string | null;
}

@InputType({ description: 'What changes: what is absent or null is left.' })
export class WebhookPatch {
  @Field(() => String, { nullable: true, description: '1 to 200 characters. Null: as it is.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Another address must answer a test first. Null: as it is.' })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'A subscription to the same stream. Null: as it is.' })
  document?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of a stored operation, in place of the document. Null: as it is.',
  })
  documentId?: string | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'The document’s variables, all of them. Null: as they are.',
  })
  variables?: Record<string, unknown> | null;

  @Field(() => WebhookFormat, { nullable: true, description: 'The form of its messages. Null: as it is.' })
  format?: WebhookFormat | null;

  @Field(() => WebhookSigning, { nullable: true, description: 'How they are signed. Null: as it is.' })
  signing?: WebhookSigning | null;

  @Field(() => WebhookOrdering, { nullable: true, description: 'Which messages wait for which. Null: as it is.' })
  ordering?: WebhookOrdering | null;

  @Field(() => Int, { nullable: true, description: 'Events in one request at most, 1 to 100. Null: as it is.' })
  maxBatch?: number | null;

  @Field(() => Int, { nullable: true, description: 'Requests per second at most, 1 to 20. Null: as it is.' })
  maxPerSecond?: number | null;

  @Field(() => [HeaderInput], { nullable: true, description: 'All its own headers. Null: as they are.' })
  headers?: HeaderInput[] | null;
}

@InputType({ description: 'A new webhook.' })
export class CreateWebhookInput {
  @Field(() => WebhookInput, { description: 'What is sent to whom.' })
  webhook!: WebhookInput;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'A change of a webhook. Whoever makes it owns the webhook from then on.' })
export class UpdateWebhookInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the change was decided on; another one is RESOURCE_CONFLICT.' })
  version!: number;

  @Field(() => WebhookPatch, { description: 'What changes.' })
  patch!: WebhookPatch;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which webhook.' })
export class WebhookActionInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which webhook goes on, and where. Whoever resumes it owns it from then on.' })
export class ResumeWebhookInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => ResumeFrom, { defaultValue: 'POSITION', description: 'Where it goes on.' })
  from!: ResumeFrom;

  @Field(() => CursorScalar, {
    nullable: true,
    description: 'Behind this position of its stream. Null: as `from` says.',
  })
  cursor?: string | null;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which webhook gets another secret.' })
export class RollWebhookSecretInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => Int, {
    defaultValue: 24,
    description: 'How long messages are signed with the old one as well, 0 to 168 hours. 0 ends it now.',
  })
  overlapHours!: number;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is sent again: exactly one of fromSequence, fromCursor, fromTime and deadLetterIds.' })
export class ReplayWebhookInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => Float, { nullable: true, description: 'From this number of its stream on. Null: not by number.' })
  fromSequence?: number | null;

  @Field(() => CursorScalar, { nullable: true, description: 'From behind this position. Null: not by cursor.' })
  fromCursor?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From the first event of this time on. Null: not by time.',
  })
  fromTime?: Date | null;

  @Field(() => Float, { nullable: true, description: 'Up to this number. Null: up to now.' })
  toSequence?: number | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'These events that could not be delivered, 1 to 100. Null: not these.',
  })
  deadLetterIds?: string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Says only how many events it would be.' })
  dryRun!: boolean;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which events that could not be delivered are given up.' })
export class DiscardDeadLettersInput {
  @Field(() => ID, { description: 'The webhook.' })
  webhookId!: string;

  @Field(() => [ID], { description: 'Their ids, 1 to 100.' })
  ids!: string[];

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}
