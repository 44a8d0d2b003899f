import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import { checkedFirst, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { RequestContext } from '@tributary/kernel';
import { countPrices, listPrices, lockPrice, putPrice } from '../../storage/priceStatements.js';
import type { PricePosition } from '../../storage/priceStatements.js';
import type { ModelPrice, TokenPrices } from './costNanoAt.js';

const listName = 'modelPrice';
const maxPrices = 5_000;
const maxUsd = 1_000_000;
const earliest = Date.UTC(1990, 0, 1);
const latest = Date.UTC(2200, 0, 1);

export interface WantedPrice extends TokenPrices {
  readonly model: string;
  /** Null: of whatever provider. */
  readonly provider: string | null;
  /** Null: from now. */
  readonly validFrom: Date | null;
}

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

/** The prices that a workspace has set. */
export class ModelPrices {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  async list(context: RequestContext, request: PageRequest): Promise<Page<ModelPrice>> {
    const first = checkedFirst(request.first);
    const rows = await this.database.read(scopeOf(context), listPrices(readPosition(request.after), first + 1));
    return toPage(listName, request, rows, (price) => [price.validFrom.getTime(), price.digest]);
  }

  /** Throws INVALID_INPUT, and QUOTA_EXCEEDED at 5,000 prices. Traces that are stored keep what they were priced at. */
  set(context: RequestContext, wanted: WantedPrice, input: Keyed): Promise<ModelPrice> {
    const price = checkedPrice(wanted);
    return mutate(this.database, context, { field: 'setModelPrice', input }, async (transaction) => {
      const before = (await transaction.queryOne(lockPrice(price))) ?? null;
      if (!before && ((await transaction.queryOne(countPrices())) ?? 0) >= maxPrices)
        throw new CodedError('QUOTA_EXCEEDED', 'A workspace has 5,000 prices at most.', { limit: maxPrices });
      const stored = (await transaction.queryOne(putPrice(price)))!;
      audit(transaction, {
        actor: context.principal.actor,
        action: 'price.update',
        entityType: 'Workspace',
        entityId: encodeId('ws', context.principal.workspaceId),
        before: before && factsOf(before),
        after: factsOf(stored),
        requestId: context.requestId,
      });
      return stored;
    });
  }
}

function checkedPrice(wanted: WantedPrice): ModelPrice {
  const name = (text: string, field: string): string => {
    const lower = text.trim().toLowerCase();
    if (lower !== '' && lower.length <= 200 && !lower.includes('\0') && lower.isWellFormed()) return lower;
    throw invalid(`${field} has 1 to 200 characters, none of them NUL.`, field);
  };
  const usd = (value: number, field: string): number => {
    if (Number.isFinite(value) && value >= 0 && value <= maxUsd) return value;
    throw invalid(`${field} is 0 or more, and a million dollars at most.`, field);
  };
  const validFrom = wanted.validFrom ?? new Date();
  if (!(validFrom.getTime() >= earliest && validFrom.getTime() < latest))
    throw invalid('validFrom lies between the years 1990 and 2200.', 'validFrom');
  return {
    model: name(wanted.model, 'model'),
    provider: wanted.provider === null ? '' : name(wanted.provider, 'provider'),
    validFrom,
    input: usd(wanted.input, 'inputUsdPerMillion'),
    output: usd(wanted.output, 'outputUsdPerMillion'),
    cachedInput: wanted.cachedInput === null ? null : usd(wanted.cachedInput, 'cachedInputUsdPerMillion'),
    cacheWrite: wanted.cacheWrite === null ? null : usd(wanted.cacheWrite, 'cacheWriteUsdPerMillion'),
  };
}

function factsOf({ model, provider, validFrom, input, output, cachedInput, cacheWrite }: ModelPrice) {
  return { model, provider, validFrom: validFrom.toISOString(), input, output, cachedInput, cacheWrite };
}

function readPosition(after: string | null): PricePosition | null {
  const position = positionAfter(listName, after, 2);
  if (!position) return null;
  const [at, digest] = position;
  if (
    typeof at !== 'number' ||
    !(at >= earliest && at < latest) ||
    typeof digest !== 'string' ||
    !/^[0-9a-f]{32}$/.test(digest)
  )
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  return { validFrom: new Date(at), digest };
}

function invalid(message: string, field: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
