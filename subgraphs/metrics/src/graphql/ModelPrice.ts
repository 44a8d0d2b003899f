import { Field, Float, InputType, ObjectType } from 'type-graphql';
import { connectionType, DateTimeScalar } from '@tributary/server';
import type { ModelPrice as PriceOfModel } from '../domain/prices/costNanoAt.js';

@ObjectType({ description: 'What calls of a model cost in this workspace, in US dollars for a million tokens.' })
export class ModelPrice {
  @Field(() => String, {
    description: 'The model, in lower case. Also for its dated versions that have no price of their own.',
  })
  model!: string;

  @Field(() => String, { nullable: true, description: 'Who offers it, in lower case. Null: whoever does.' })
  provider!: string | null;

  @Field(() => DateTimeScalar, {
    description: 'Traces that began from then on are priced by it, until a newer one is valid.',
  })
  validFrom!: Date;

  @Field(() => Float, { description: 'US dollars for a million tokens that the model reads.' })
  inputUsdPerMillion!: number;

  @Field(() => Float, { description: 'US dollars for a million tokens that the model writes.' })
  outputUsdPerMillion!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'US dollars for a million tokens that the provider had read before. Null: as other input.',
  })
  cachedInputUsdPerMillion!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'US dollars for a million tokens that the provider is told to keep. Null: as other input.',
  })
  cacheWriteUsdPerMillion!: number | null;
}

export const ModelPriceConnection = connectionType(() => ModelPrice, 'ModelPrice');

export function toModelPrice(price: PriceOfModel): ModelPrice {
  return {
    model: price.model,
    provider: price.provider === '' ? null : price.provider,
    validFrom: price.validFrom,
    inputUsdPerMillion: price.input,
    outputUsdPerMillion: price.output,
    cachedInputUsdPerMillion: price.cachedInput,
    cacheWriteUsdPerMillion: price.cacheWrite,
  };
}

@InputType({ description: 'What calls of a model cost from a moment on.' })
export class SetModelPriceInput {
  @Field(() => String, { description: 'The model, 1 to 200 characters; its case does not matter.' })
  model!: string;

  @Field(() => String, { nullable: true, description: 'Who offers it. Null: whoever does.' })
  provider?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on. Null: from now. A price of the same model, provider and moment is replaced.',
  })
  validFrom?: Date | null;

  @Field(() => Float, { description: 'US dollars for a million tokens that the model reads.' })
  inputUsdPerMillion!: number;

  @Field(() => Float, { description: 'US dollars for a million tokens that the model writes.' })
  outputUsdPerMillion!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'US dollars for a million tokens that the provider had read before. Null: as other input.',
  })
  cachedInputUsdPerMillion?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'US dollars for a million tokens that the provider is told to keep. Null: as other input.',
  })
  cacheWriteUsdPerMillion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A value of your own for this one change: sending it again within 24 hours changes nothing more.',
  })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'The price that was set.' })
export class SetModelPricePayload {
  @Field(() => ModelPrice, { description: 'As it is stored.' })
  modelPrice!: ModelPrice;
}
