import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { toApiKey } from './ApiKey.js';
import { CreateApiKeyInput, RevokeApiKeyInput, RollApiKeyInput, UpdateWorkspaceSettingsInput } from './inputs.js';
import {
  CreateApiKeyPayload,
  RevokeApiKeyPayload,
  RollApiKeyPayload,
  UpdateWorkspaceSettingsPayload,
} from './payloads.js';
import { toWorkspace } from './Workspace.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver()
export class MutationResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @Mutation(() => CreateApiKeyPayload, {
    nullable: true,
    description: 'Makes an API key. The secret is in this answer and nowhere else.',
  })
  @Allow('apiKey.write')
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The new key’s name, scopes and end.' })
    input: CreateApiKeyInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CreateApiKeyPayload> {
    const { name, scopes, expiresAt = null, idempotencyKey = null } = input;
    const { apiKey, secret } = await this.services.apiKeys.create(context, { name, scopes, expiresAt, idempotencyKey });
    return { apiKey: toApiKey(apiKey), secret };
  }

  @Mutation(() => RevokeApiKeyPayload, {
    nullable: true,
    description: 'Makes an API key worthless within seconds. Revoking again changes nothing.',
  })
  @Allow('apiKey.write')
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'Which key to revoke.' }) input: RevokeApiKeyInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RevokeApiKeyPayload> {
    const { id, idempotencyKey = null } = input;
    return { apiKey: toApiKey(await this.services.apiKeys.revoke(context, { id, idempotencyKey })) };
  }

  @Mutation(() => RollApiKeyPayload, {
    nullable: true,
    description:
      'Gives an API key another secret: same key, same scopes. The new secret is in this answer and nowhere else; the old one stays good for overlapSeconds.',
  })
  @Allow('apiKey.write')
  async rollApiKey(
    @Arg('input', () => RollApiKeyInput, {
      description: 'Which key gets another secret, and for how long the old one stays good.',
    })
    input: RollApiKeyInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RollApiKeyPayload> {
    const { id, overlapSeconds, idempotencyKey = null } = input;
    const { apiKey, secret } = await this.services.apiKeys.roll(context, { id, overlapSeconds, idempotencyKey });
    return { apiKey: toApiKey(apiKey), secret };
  }

  @Mutation(() => UpdateWorkspaceSettingsPayload, {
    nullable: true,
    description: 'Changes the settings that are named and leaves the others.',
  })
  @Allow('workspace.update')
  async updateWorkspaceSettings(
    @Arg('input', () => UpdateWorkspaceSettingsInput, { description: 'The settings to change.' })
    input: UpdateWorkspaceSettingsInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateWorkspaceSettingsPayload> {
    const { settings, idempotencyKey = null } = input;
    return {
      workspace: toWorkspace(await this.services.workspaces.updateSettings(context, { settings, idempotencyKey })),
    };
  }
}
