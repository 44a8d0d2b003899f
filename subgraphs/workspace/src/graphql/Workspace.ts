import { Directive, Field, ObjectType } from 'type-graphql';
import { DateTimeScalar, JsonObjectScalar, Node } from '@tributary/server';
import { encodeId } from '@tributary/contracts/ids';
import type { WorkspaceRecord } from '../domain/Workspaces.js';

@ObjectType({
  implements: Node,
  description: 'A tenant: everything in the graph belongs to exactly one, and a request sees one.',
})
@Directive('@key(fields: "id")')
export class Workspace extends Node {
  /** Bare uuid. */
  workspaceId!: string;

  @Field(() => String, {
    description: 'Short name for addresses and sign-in: lower-case letters, digits and hyphens; unique.',
  })
  slug!: string;

  @Field(() => String, { description: 'The name that people see.' })
  name!: string;

  @Field(() => JsonObjectScalar, {
    description:
      'Settings by name. runnerLostAfterMinutes: minutes without a report after which an outside runner’s flow fails (absent: 15). retireAfterMissing: complete imports without an asset after which it is RETIRED (absent: 3). Other names are kept for frontends.',
  })
  settings!: Record<string, unknown>;

  @Field(() => DateTimeScalar, { description: 'When the workspace was created.' })
  createdAt!: Date;
}

export function toWorkspace(record: WorkspaceRecord): Workspace {
  return Object.assign(new Workspace(), {
    id: encodeId('ws', record.workspaceId),
    workspaceId: record.workspaceId,
    slug: record.slug,
    name: record.name,
    settings: record.settings,
    createdAt: record.createdAt,
  });
}
