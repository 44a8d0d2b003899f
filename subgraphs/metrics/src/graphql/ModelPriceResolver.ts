import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { ModelPrices } from '../domain/prices/ModelPrices.js';
import {
  ModelPrice,
  ModelPriceConnection,
  SetModelPriceInput,
  SetModelPricePayload,
  toModelPrice,
} from './ModelPrice.js';

@Resolver(() => ModelPrice)
export class ModelPriceResolver {
  constructor(private readonly prices: ModelPrices) {}

  @Query(() => ModelPriceConnection, {
    nullable: true,
    description:
      'The prices that this workspace has set, the newest first. Where there is none, the table that comes with the product counts.',
  })
  @Allow('metrics.read')
  async modelPrices(
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<ModelPrice>> {
    return toConnection(await this.prices.list(context, { first, after: after ?? null }), toModelPrice);
  }

  @Mutation(() => SetModelPricePayload, {
    nullable: true,
    description:
      'Sets what calls of a model cost. It counts for traces that are sent from now on; those that are stored keep their cost.',
  })
  @Allow('price.update')
  async setModelPrice(
    @Arg('input', () => SetModelPriceInput, { description: 'The price.' }) input: SetModelPriceInput,
    @Ctx() context: GraphqlContext,
  ): Promise<SetModelPricePayload> {
    const wanted = {
      model: input.model,
      provider: input.provider ?? null,
      validFrom: input.validFrom ?? null,
      input: input.inputUsdPerMillion,
      output: input.outputUsdPerMillion,
      cachedInput: input.cachedInputUsdPerMillion ?? null,
      cacheWrite: input.cacheWriteUsdPerMillion ?? null,
    };
    return { modelPrice: toModelPrice(await this.prices.set(context, wanted, input)) };
  }
}
