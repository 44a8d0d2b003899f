import { Field, ObjectType, registerEnumType } from 'type-graphql';

export enum ServerMode {
  EMBEDDED = 'EMBEDDED',
  CLUSTER = 'CLUSTER',
}

registerEnumType(ServerMode, {
  name: 'ServerMode',
  description: 'How the product runs.',
  valuesConfig: {
    EMBEDDED: { description: 'All of it in one process, with its own database.' },
    CLUSTER: { description: 'Each part as a process of its own.' },
  },
});

@ObjectType({ description: 'What answers.' })
export class ServerInfo {
  @Field(() => String, { description: 'Version of the product, such as 0.1.0.' })
  version!: string;

  @Field(() => ServerMode, { description: 'How it runs.' })
  mode!: ServerMode;
}
