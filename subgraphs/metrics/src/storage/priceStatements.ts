import { Parameters, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { ModelPrice } from './ModelPriceRow.js';

const columns = 'model, provider, valid_from, input, output, cached_input, cache_write';

/** What a workspace has set for these models, of any provider and any time. */
export function pricesOfModels(models: readonly string[]): Statement<ModelPrice> {
  return sql(
    'metrics.pricesOfModels',
    `select ${columns} from model_price where workspace_id = $1 and model = any($2::text[])`,
    [models],
    toPrice,
  );
}

export type PriceKey = Pick<ModelPrice, 'model' | 'provider' | 'validFrom'>;

/** Names in a cursor would compare with names of others: their digest stands for them. */
const digest = `md5(model || chr(1) || provider)`;

export interface PricePosition {
  readonly validFrom: Date;
  readonly digest: string;
}

export interface ListedPrice extends ModelPrice, PricePosition {}

/** The newest first, behind `after`. */
export function listPrices(after: PricePosition | null, limit: number): Statement<ListedPrice> {
  const parameters = new Parameters();
  const conditions = ['workspace_id = $1'];
  if (after)
    conditions.push(
      `(valid_from, ${digest}) < (${parameters.add(after.validFrom)}::timestamptz, ${parameters.add(after.digest)}::text)`,
    );
  return sql(
    'metrics.listPrices',
    `select ${columns}, ${digest} as digest from model_price where ${conditions.join(' and ')}
     order by valid_from desc, ${digest} desc limit ${parameters.add(limit)}`,
    parameters.values,
    (row) => ({ ...toPrice(row), digest: row['digest'] as string }),
  );
}

export function countPrices(): Statement<number> {
  return sql('metrics.countPrices', 'select count(*) as count from model_price where workspace_id = $1', [], (row) =>
    Number(row['count']),
  );
}

/** The price of exactly this model, provider and moment, for a change. */
export function lockPrice({ model, provider, validFrom }: PriceKey): Statement<ModelPrice> {
  return sql(
    'metrics.lockPrice',
    `select ${columns} from model_price
     where workspace_id = $1 and model = $2 and provider = $3 and valid_from = $4 for update`,
    [model, provider, validFrom],
    toPrice,
  );
}

/** Takes the place of a price of the same model, provider and moment. */
export function putPrice(price: ModelPrice): Statement<ModelPrice> {
  return sql(
    'metrics.putPrice',
    `insert into model_price (workspace_id, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (workspace_id, model, provider, valid_from) do update set input = excluded.input, output = excluded.output,
       cached_input = excluded.cached_input, cache_write = excluded.cache_write
     returning ${columns}`,
    [price.model, price.provider, price.validFrom, price.input, price.output, price.cachedInput, price.cacheWrite],
    toPrice,
  );
}

function toPrice(row: Row): ModelPrice {
  return {
    model: row['model'] as string,
    provider: row['provider'] as string,
    validFrom: row['valid_from'] as Date,
    input: Number(row['input']),
    output: Number(row['output']),
    cachedInput: numberOrNull(row['cached_input']),
    cacheWrite: numberOrNull(row['cache_write']),
  };
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}
