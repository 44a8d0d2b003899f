import { Field, ObjectType } from 'type-graphql';
import { connectionType, DateTimeScalar } from '@tributary/server';
import type { KnownName } from '../domain/knownNames.js';

@ObjectType({ description: 'An agent, as its traces tell of it.' })
export class Agent {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => [String], { description: 'Versions that it has run in, of all times.' })
  versions!: string[];

  @Field(() => [String], { description: 'Models that it has called, of all times.' })
  models!: string[];

  @Field(() => [String], { description: 'Departments that it has worked for, of all times.' })
  departments!: string[];

  @Field(() => DateTimeScalar, { description: 'When the first of its traces began.' })
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When its last trace of the period began.' })
  lastSeenAt!: Date;
}

export const AgentConnection = connectionType(() => Agent, 'Agent');

@ObjectType({ description: 'A department, as the traces of its agents tell of it.' })
export class Department {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => [String], { description: 'Agents that have worked for it, of all times.' })
  agents!: string[];

  @Field(() => [String], { description: 'Models that they have called for it, of all times.' })
  models!: string[];

  @Field(() => DateTimeScalar, { description: 'When the first of its traces began.' })
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When its last trace of the period began.' })
  lastSeenAt!: Date;
}

export function toAgent({ name, versions, models, departments, firstSeenAt, lastSeenAt }: KnownName): Agent {
  return Object.assign(new Agent(), { name, versions, models, departments, firstSeenAt, lastSeenAt });
}

export function toDepartment({ name, agents, models, firstSeenAt, lastSeenAt }: KnownName): Department {
  return Object.assign(new Department(), { name, agents, models, firstSeenAt, lastSeenAt });
}
