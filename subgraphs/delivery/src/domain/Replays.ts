import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, MutationInput } from '@tributary/data';
import { placeAtEnd, placeAtTime, placeInFrontOf, sequenceOfCursor } from '@tributary/events';
import type { StreamPlace } from '@tributary/events';
import { discardDeadLetters, waitingDeadLetters } from '../storage/deadLetterStatements.js';
import { countOpenReplays, forgetReplays, putPosition } from '../storage/positionStatements.js';
import type { WebhookPosition, WebhookRow } from './model.js';
import { recordChange } from './recordChange.js';
import { notFound } from './Webhooks.js';
import type { Webhooks } from './Webhooks.js';

export interface ReplayRequest {
  readonly id: string;
  readonly fromSequence: number | null;
  readonly fromCursor: string | null;
  readonly fromTime: Date | null;
  readonly toSequence: number | null;
  readonly deadLetterIds: readonly string[] | null;
  readonly dryRun: boolean;
}

export interface ReplayOutcome {
  readonly webhook: WebhookRow;
  /** Null: nothing was to be sent, or it was asked only. */
  readonly replay: WebhookPosition | null;
  /** Numbers in its range; a filter lets some of them out. */
  readonly events: number;
}

const mostOpen = 3;
const kept = 20;
const mostLetters = 100;

interface Range {
  readonly start: StreamPlace;
  readonly until: number;
  readonly only: readonly number[] | null;
}

/** Events that are sent again, beside those that happen, and what could not be delivered. */
export class Replays {
  constructor(
    private readonly database: Database,
    private readonly webhooks: Webhooks,
  ) {}

  /** Throws INVALID_INPUT, RESOURCE_NOT_FOUND, RESOURCE_CONFLICT (DISABLED, PAUSED, PENDING), QUOTA_EXCEEDED at three replays at once. */
  async begin(context: RequestContext, request: ReplayRequest, input: MutationInput): Promise<ReplayOutcome> {
    const webhook = await this.webhooks.find(context, request.id);
    if (!webhook) throw notFound();
    const range = await this.rangeOf(context, webhook, request);
    const events = range.only?.length ?? Math.max(0, range.until - range.start.sequence);
    return this.webhooks.change<ReplayOutcome>(
      context,
      'replayWebhook',
      request.id,
      input,
      async (transaction, held) => {
        if (request.dryRun || events === 0) return { webhook: held, replay: null, events };
        if (held.status !== 'ACTIVE' && held.status !== 'FAILING')
          throw new CodedError('RESOURCE_CONFLICT', 'The webhook sends nothing just now. Resume it first.', {
            reason: held.status,
          });
        if (((await transaction.queryOne(countOpenReplays(held.id))) ?? 0) >= mostOpen)
          throw new CodedError('QUOTA_EXCEEDED', `A webhook has ${mostOpen} replays at once at most.`, {
            limit: mostOpen,
          });
        await transaction.query(forgetReplays(held.id, kept));
        const replay = (await transaction.queryOne(
          putPosition({
            webhookId: held.id,
            replayId: newUuid(),
            log: held.log,
            active: true,
            seq: range.start.sequence,
            cursor: range.start.cursor,
            untilSeq: range.until,
            onlySeqs: range.only,
          }),
        ))!;
        recordChange(transaction, context, 'webhook.replay', held, null, {
          fromSequence: range.start.sequence + 1,
          toSequence: range.until,
          events,
        });
        return { webhook: held, replay, events };
      },
    );
  }

  /** Answers how many. Throws INVALID_INPUT, RESOURCE_NOT_FOUND. */
  discard(
    context: RequestContext,
    webhookId: string,
    ids: readonly string[],
    input: MutationInput,
  ): Promise<{ readonly discarded: number }> {
    const letters = lettersIn(ids);
    return this.webhooks.change(context, 'discardDeadLetters', webhookId, input, async (transaction, webhook) => {
      const discarded = (await transaction.query(discardDeadLetters(webhook.id, letters))).length;
      recordChange(transaction, context, 'webhook.discard', webhook, null, { discarded });
      return { discarded };
    });
  }

  private async rangeOf(context: RequestContext, { id, log }: WebhookRow, request: ReplayRequest): Promise<Range> {
    const { fromSequence, fromCursor, fromTime, deadLetterIds } = request;
    if ([fromSequence, fromCursor, fromTime, deadLetterIds].filter((given) => given !== null).length !== 1)
      throw new CodedError('INVALID_INPUT', 'Give one of fromSequence, fromCursor, fromTime and deadLetterIds.', {
        field: 'fromSequence',
      });
    const scope = scopeOf(context);
    if (deadLetterIds !== null) {
      const waiting = await this.database.read(scope, waitingDeadLetters(id, lettersIn(deadLetterIds)));
      const only = waiting.map(({ seq }) => seq);
      const start = await placeInFrontOf(this.database, scope, log, only[0] ?? 1);
      return { start, until: only.at(-1) ?? 0, only };
    }
    const end = (await placeAtEnd(this.database, scope, log)).sequence;
    const until = Math.min(whole(request.toSequence ?? end, 'toSequence'), end);
    if (fromTime !== null) return { start: await placeAtTime(this.database, scope, log, fromTime), until, only: null };
    if (fromSequence !== null) {
      const start = await placeInFrontOf(this.database, scope, log, whole(fromSequence, 'fromSequence'));
      return { start, until, only: null };
    }
    const sequence = sequenceOfCursor(context.principal.workspaceId, log, fromCursor!);
    if (sequence === null)
      throw new CodedError('INVALID_INPUT', 'This cursor is none of the stream’s.', { field: 'fromCursor' });
    return { start: { sequence, cursor: fromCursor! }, until, only: null };
  }
}

function whole(value: number, field: string): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new CodedError('INVALID_INPUT', `\`${field}\` must be a whole number from 1 on.`, { field });
}

function lettersIn(ids: readonly string[]): string[] {
  if (ids.length < 1 || ids.length > mostLetters)
    throw new CodedError('INVALID_INPUT', `Give 1 to ${mostLetters} dead letters.`, { field: 'ids' });
  return ids.flatMap((id) => uuidOf('dead', id) ?? []);
}
