import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType, DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { encodeId } from '@tributary/contracts/ids';
import type { AuditRecord } from '../domain/AuditTrail.js';

@ObjectType({ description: 'One thing that was done in this workspace. Entries are never changed or removed.' })
export class AuditEntry {
  row!: AuditRecord;

  @Field(() => ID, { description: 'Opaque id of the entry.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was done.' })
  at!: Date;

  @Field(() => String, { description: 'What was done, such as flow.start or asset.update.' })
  action!: string;

  @Field(() => String, { description: 'The type of what it was done to, such as Flow.' })
  entityType!: string;

  @Field(() => ID, { description: 'The id of what it was done to. It may not exist any more.' })
  entityId!: string;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'The facts that changed, as they were. Null for something new.',
  })
  before!: Record<string, unknown> | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'The facts that changed, as they became. Null for something gone.',
  })
  after!: Record<string, unknown> | null;

  @Field(() => String, { description: 'The request that did it, as in logs and errors.' })
  requestId!: string;
}

export const AuditEntryConnection = connectionType(() => AuditEntry, 'AuditEntry');

export function toAuditEntry(row: AuditRecord): AuditEntry {
  const { at, action, entityType, entityId, before, after, requestId } = row;
  return Object.assign(new AuditEntry(), {
    row,
    id: encodeId('audit', row.id),
    at,
    action,
    entityType,
    entityId,
    before,
    after,
    requestId,
  });
}
