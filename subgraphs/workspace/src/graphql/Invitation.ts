import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType, DateTimeScalar } from '@tributary/server';
import { encodeId } from '@tributary/contracts/ids';
import type { InvitationRecord } from '../domain/MemberInvitations.js';
import { Role } from './Role.js';

@ObjectType({ description: 'A one-time link with which a person joins the workspace.' })
export class Invitation {
  @Field(() => ID, { description: 'Opaque id of the invitation.' })
  id!: string;

  @Field(() => String, { description: 'The e-mail of the account that may use it, in lower case.' })
  email!: string;

  @Field(() => String, { description: 'The name that the person gets in the workspace.' })
  displayName!: string;

  @Field(() => Role, { description: 'The role that the person gets.' })
  role!: Role;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'From when on it is refused.' })
  expiresAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was used. Null: it was not.' })
  acceptedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was taken back. Null: it was not.' })
  revokedAt!: Date | null;
}

export const InvitationConnection = connectionType(() => Invitation, 'Invitation');

export function toInvitation(record: InvitationRecord): Invitation {
  const { email, displayName, role, createdAt, expiresAt, acceptedAt, revokedAt } = record;
  return Object.assign(new Invitation(), {
    id: encodeId('inv', record.id),
    email,
    displayName,
    role,
    createdAt,
    expiresAt,
    acceptedAt,
    revokedAt,
  });
}
