import { mostFigures } from '@tributary/contracts/commands';
import type { assetFiguresCommand, InputOf, WindowFigure } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import type { RequestContext } from '@tributary/kernel';
import { assetFigures } from '../storage/assetFigureStatements.js';
import type { AssetFigureChange } from '../storage/assetFigureStatements.js';

type Question = InputOf<typeof assetFiguresCommand>;

/** Measures of the inventory for alert rules. */
export class AssetFigures {
  constructor(private readonly database: Database) {}

  /** At each moment, of each group that has assets which count then; assets by public id. Throws INVALID_INPUT for too many. */
  async read(context: RequestContext, question: Question): Promise<WindowFigure[]> {
    const { measure, groupBy } = question;
    const statement = assetFigures(measure, groupBy, question, mostFigures + 1);
    const changes = await this.database.read(scopeOf(context), statement);
    if (changes.length > mostFigures) throw tooMany();
    const figures: WindowFigure[] = [];
    for (const [key, ofKey] of Map.groupBy(changes, (change) => change.key)) {
      const shown = groupBy === 'ASSET' && key !== null ? encodeId('asset', key) : key;
      for (const { index, value } of valuesOf(ofKey, question)) figures.push({ index, key: shown, value });
      if (figures.length > mostFigures) throw tooMany();
    }
    return figures.sort((one, other) => one.index - other.index);
  }
}

/** The figures of one group, from by what they differ; moments at which nothing counts are left out. */
function valuesOf(changes: readonly AssetFigureChange[], { measure, count }: Question) {
  const values: { readonly index: number; readonly value: number }[] = [];
  let [amount, whole] = [0, 0];
  for (const [place, change] of changes.entries()) {
    amount = measure === 'ASSETS_MISSING' ? Math.max(amount, change.amount) : amount + change.amount;
    whole += change.whole;
    const isShare = measure === 'ASSETS_CHANGED_SHARE';
    if (isShare ? whole === 0 : amount === 0) continue;
    const behind = changes[place + 1]?.index ?? count;
    for (let { index } = change; index < behind; index += 1) {
      values.push({ index, value: isShare ? amount / whole : amount });
    }
  }
  return values;
}

function tooMany(): CodedError {
  return new CodedError(
    'INVALID_INPUT',
    'These are more than 100,000 figures of assets. Take a shorter range, or group by kind or source.',
    { limit: mostFigures },
  );
}
