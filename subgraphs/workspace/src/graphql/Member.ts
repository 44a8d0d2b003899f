import { Field, ObjectType } from 'type-graphql';
import { countedConnectionType, DateTimeScalar } from '@tributary/server';
import type { MemberRecord } from '../domain/Members.js';
import { Role } from './Role.js';
import { toUser, User } from './User.js';

@ObjectType({ description: 'A person’s place in this workspace.' })
export class Member {
  @Field(() => User, { description: 'Who.' })
  user!: User;

  @Field(() => Role, { description: 'As what.' })
  role!: Role;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  joinedAt!: Date;
}

export const MemberConnection = countedConnectionType(() => Member, 'Member');

export function toMember(row: MemberRecord): Member {
  return Object.assign(new Member(), { user: toUser(row), role: row.role, joinedAt: row.createdAt });
}
