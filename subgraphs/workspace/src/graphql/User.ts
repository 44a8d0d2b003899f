import { Directive, Field, ObjectType } from 'type-graphql';
import { Node } from '@tributary/server';
import { encodeId } from '@tributary/contracts/ids';
import type { MemberRecord } from '../domain/Members.js';

@ObjectType({ implements: Node, description: 'A person who belongs to this workspace.' })
@Directive('@key(fields: "id")')
export class User extends Node {
  /** Bare uuid. */
  userId!: string;

  @Field(() => String, { description: 'The name that colleagues see.' })
  displayName!: string;

  /** Unmasked: the resolver decides what the caller sees. */
  storedEmail!: string;
}

export type MemberFacts = Pick<MemberRecord, 'userId' | 'displayName' | 'email'>;

export function toUser(member: MemberFacts): User {
  return Object.assign(new User(), {
    id: encodeId('user', member.userId),
    userId: member.userId,
    displayName: member.displayName,
    storedEmail: member.email,
  });
}

/** Stands for somebody who acted here and does not belong any more. */
export function formerMember(userId: string): User {
  return toUser({ userId, displayName: 'Former member', email: '' });
}
