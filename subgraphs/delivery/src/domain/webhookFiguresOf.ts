import { mostFigures } from '@tributary/contracts/commands';
import type { InputOf, webhookFiguresCommand, WindowFigure } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { webhookFigures } from '../storage/webhookFigureStatements.js';

/** A measure of webhooks at many moments, by public id. */
export async function webhookFiguresOf(
  database: Database,
  context: RequestContext,
  { measure, groupBy, ...moments }: InputOf<typeof webhookFiguresCommand>,
): Promise<WindowFigure[]> {
  const found = await database.read(
    scopeOf(context),
    webhookFigures(measure, groupBy !== null, moments, mostFigures + 1),
  );
  if (found.length > mostFigures)
    throw new CodedError('INVALID_INPUT', 'These are more than 100,000 figures of webhooks. Take a shorter range.', {
      limit: mostFigures,
    });
  return found.map(({ key, ...figure }) => ({ ...figure, key: key === null ? null : encodeId('hook', key) }));
}
