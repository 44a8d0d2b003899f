import { Field, ObjectType } from 'type-graphql';
import { ApiKey } from './ApiKey.js';
import { Workspace } from './Workspace.js';

@ObjectType({ description: 'What createApiKey made.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKey, { description: 'The new key.' })
  apiKey!: ApiKey;

  @Field(() => String, {
    nullable: true,
    description: 'The whole key, shown this once: it is not stored. Null when the call is replayed.',
  })
  secret!: string | null;
}

@ObjectType({ description: 'What revokeApiKey did.' })
export class RevokeApiKeyPayload {
  @Field(() => ApiKey, { description: 'The revoked key.' })
  apiKey!: ApiKey;
}

@ObjectType({ description: 'What rollApiKey did.' })
export class RollApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key.' })
  apiKey!: ApiKey;

  @Field(() => String, {
    nullable: true,
    description:
      'The whole key with its new secret, shown this once: it is not stored. Null when the call is replayed.',
  })
  secret!: string | null;
}

@ObjectType({ description: 'What updateWorkspaceSettings did.' })
export class UpdateWorkspaceSettingsPayload {
  @Field(() => Workspace, { description: 'The workspace with the new settings.' })
  workspace!: Workspace;
}

@ObjectType({ description: 'What renameWorkspace did.' })
export class RenameWorkspacePayload {
  @Field(() => Workspace, { description: 'The workspace with its new name.' })
  workspace!: Workspace;
}
