import { describe, expect, test } from '@jest/globals';
import { LiteLlmPrices } from '../src/domain/prices/LiteLlmPrices.js';
import { modelNames } from '../src/domain/prices/modelNames.js';
import type { PriceBook, PricedCall } from '../src/domain/prices/PriceBook.js';
import { roundHalfEven } from '../src/domain/prices/roundHalfEven.js';
import { ShippedPrices } from '../src/domain/prices/ShippedPrices.js';
import { WorkspacePrices } from '../src/domain/prices/WorkspacePrices.js';

const call: PricedCall = {
  model: 'gpt-4o',
  provider: 'openai',
  at: new Date('2026-03-01T00:00:00Z'),
  inputTokens: 1_000,
  outputTokens: 100,
  cachedInputTokens: 200,
  cacheWriteTokens: 0,
};

const row = {
  model: 'gpt-4o',
  provider: '',
  validFrom: new Date(0),
  input: 2.5,
  output: 10,
  cachedInput: 1.25,
  cacheWrite: null,
};
const shipped = new ShippedPrices();
await shipped.load();
const books: readonly [string, PriceBook][] = [
  ['the shipped table', shipped],
  ['prices of a workspace', new WorkspacePrices([row])],
  [
    'a table in LiteLLM’s form',
    new LiteLlmPrices({
      sample_spec: { max_tokens: 'of what it is' },
      'gpt-4o': {
        litellm_provider: 'openai',
        input_cost_per_token: 2.5e-6,
        output_cost_per_token: 1e-5,
        cache_read_input_token_cost: 1.25e-6,
      },
    }),
  ],
];

describe.each(books)('%s', (_name, book) => {
  test('charges what is read, what is written and what was cached, each at its own price', () => {
    // 800 · 2.5 + 200 · 1.25 + 100 · 10 dollars a million.
    expect(book.costNano(call)).toBeCloseTo(3_250_000, 3);
  });

  test.each(['GPT-4o', 'openai/gpt-4o', 'gpt-4o-2024-08-06', 'openai/GPT-4o-2024-08-06', ' gpt-4o '])(
    'knows %s',
    (model) => {
      expect(book.costNano({ ...call, model })).toBeCloseTo(3_250_000, 3);
    },
  );

  test('knows a model without its provider, and with the provider in another case', () => {
    expect(book.costNano({ ...call, provider: null })).toBeCloseTo(3_250_000, 3);
    expect(book.costNano({ ...call, provider: 'OpenAI' })).toBeCloseTo(3_250_000, 3);
  });

  test('says nothing of a model that it does not know', () => {
    expect(book.costNano({ ...call, model: 'nobody-knows-me' })).toBeNull();
    expect(book.costNano({ ...call, model: '' })).toBeNull();
  });
});

test('a workspace’s newest price that is valid at the time counts, of the provider before that of all', () => {
  const book = new WorkspacePrices([
    { ...row, input: 1, validFrom: new Date('2026-01-01') },
    { ...row, input: 2, validFrom: new Date('2026-02-01') },
    { ...row, input: 3, validFrom: new Date('2026-04-01') },
    { ...row, input: 9, provider: 'azure', validFrom: new Date('2026-01-15') },
  ]);
  const plain = { ...call, outputTokens: 0, cachedInputTokens: 0 };
  const inputAt = (at: string, provider = 'openai') => book.costNano({ ...plain, provider, at: new Date(at) });
  expect(inputAt('2026-01-31')).toBe(1_000_000);
  expect(inputAt('2026-02-01')).toBe(2_000_000);
  expect(inputAt('2026-05-01')).toBe(3_000_000);
  expect(inputAt('2026-03-01', 'azure')).toBe(9_000_000);
  expect(inputAt('2025-12-31')).toBeNull();
});

test('the longest name wins: a price of one version before that of the model', () => {
  const book = new WorkspacePrices([row, { ...row, model: 'gpt-4o-2024-08-06', input: 7 }]);
  const plain = { ...call, outputTokens: 0, cachedInputTokens: 0 };
  expect(book.costNano({ ...plain, model: 'gpt-4o-2024-08-06' })).toBe(7_000_000);
  expect(book.costNano({ ...plain, model: 'gpt-4o-2024-11-20' })).toBe(2_500_000);
  // Another model is not taken for a version.
  expect(book.costNano({ ...plain, model: 'gpt-4o-mini' })).toBeNull();
  expect(modelNames('claude-sonnet-4-5@20250929')).toContain('claude-sonnet-4-5');
});

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [2.4999, 2],
  [2.5000001, 2],
  [2.51, 3],
  [1_234_567.5, 1_234_568],
])('%d is rounded to %d', (value, expected) => {
  expect(roundHalfEven(value)).toBe(expected);
});
