import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { SourceDefinitions } from '../domain/discovery/definitions/SourceDefinitions.js';
import { tryDefinition } from '../domain/discovery/definitions/tryDefinition.js';
import {
  CreateSourceDefinitionInput,
  DeleteSourceDefinitionInput,
  SourceDefinitionInput,
  UpdateSourceDefinitionInput,
} from './definitionInputs.js';
import {
  CreateSourceDefinitionPayload,
  DeleteSourceDefinitionPayload,
  UpdateSourceDefinitionPayload,
} from './definitionPayloads.js';
import {
  SourceDefinition,
  SourceDefinitionConnection,
  SourceDefinitionTrial,
  toSourceDefinition,
  toSourceDefinitionTrial,
} from './SourceDefinition.js';

@Resolver(() => SourceDefinition)
export class SourceDefinitionResolver {
  constructor(private readonly definitions: SourceDefinitions) {}

  @Query(() => SourceDefinition, {
    nullable: true,
    description: 'One of the workspace’s own definitions of sources. Null when it is not in this workspace.',
  })
  @Allow('sourceDefinition.read')
  async sourceDefinition(
    @Arg('id', () => ID, { description: 'The definition’s id.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<SourceDefinition | null> {
    const row = await this.definitions.find(context, id);
    return row && toSourceDefinition(row);
  }

  @Query(() => SourceDefinitionConnection, {
    nullable: true,
    description:
      'The workspace’s own definitions of sources, newest first. Those that come with the product are in its documentation.',
  })
  @Allow('sourceDefinition.read')
  async sourceDefinitions(
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this item.' }) after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<SourceDefinition>> {
    const page = await this.definitions.list(context, { first, after: after ?? null });
    return toConnection(page, toSourceDefinition, () => page.count());
  }

  @Query(() => SourceDefinitionTrial, {
    nullable: true,
    description: 'What a definition would make of a sample. Nothing is saved; it takes 2 seconds at most.',
  })
  @Allow('sourceDefinition.read')
  async trySourceDefinition(
    @Arg('input', () => SourceDefinitionInput, { description: 'The definition.' }) input: SourceDefinitionInput,
    @Arg('sample', () => String, { description: 'The beginning of a source, as text of at most 256 KB.' })
    sample: string,
  ): Promise<SourceDefinitionTrial> {
    return toSourceDefinitionTrial(await tryDefinition(input.content, sample));
  }

  @Mutation(() => CreateSourceDefinitionPayload, {
    nullable: true,
    description: 'Adds a definition of a source: imports that start from now on know it.',
  })
  @Allow('sourceDefinition.write')
  async createSourceDefinition(
    @Arg('input', () => CreateSourceDefinitionInput, { description: 'The definition.' })
    input: CreateSourceDefinitionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CreateSourceDefinitionPayload> {
    return { definition: toSourceDefinition(await this.definitions.create(context, input.definition.content, input)) };
  }

  @Mutation(() => UpdateSourceDefinitionPayload, {
    nullable: true,
    description: 'Changes a definition; another version than the one named is RESOURCE_CONFLICT.',
  })
  @Allow('sourceDefinition.write')
  async updateSourceDefinition(
    @Arg('input', () => UpdateSourceDefinitionInput, { description: 'The change.' })
    input: UpdateSourceDefinitionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateSourceDefinitionPayload> {
    const { id, version, definition } = input;
    const row = await this.definitions.update(context, { id, version, content: definition.content }, input);
    return { definition: toSourceDefinition(row) };
  }

  @Mutation(() => DeleteSourceDefinitionPayload, {
    nullable: true,
    description: 'Removes a definition. Imports that are under way end as they began.',
  })
  @Allow('sourceDefinition.write')
  async deleteSourceDefinition(
    @Arg('input', () => DeleteSourceDefinitionInput, { description: 'Which definition.' })
    input: DeleteSourceDefinitionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DeleteSourceDefinitionPayload> {
    const { deletedId } = await this.definitions.delete(context, input.id, input);
    return { deletedSourceDefinitionId: deletedId };
  }
}
