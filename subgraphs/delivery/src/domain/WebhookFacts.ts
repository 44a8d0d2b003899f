import { CodedError } from '@tributary/contracts/errors';
import type { DeadLetterState } from '@tributary/contracts/values';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { placeAtEnd, readForward } from '@tributary/events';
import { attemptsOf } from '../storage/attemptStatements.js';
import { countDeadLetters, deadLettersOf } from '../storage/deadLetterStatements.js';
import { liveId, positionsOf, testId } from '../storage/positionStatements.js';
import { secretsOf } from '../storage/secretStatements.js';
import type { DeadLetter, StoredSecret, WebhookAttempt, WebhookPosition, WebhookRow } from './model.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What can be asked of a webhook beside what it is. */
export class WebhookFacts {
  constructor(private readonly database: Database) {}

  /** Null: it was deleted. Whoever sends the mutation that made it again is still told of it. */
  async live(context: RequestContext, webhook: WebhookRow): Promise<WebhookPosition | null> {
    return (await this.positions(context, webhook)).find(({ replayId }) => replayId === liveId) ?? null;
  }

  /** The last number that was taken or passed over; of a deleted one, the last that there is. */
  async position(context: RequestContext, webhook: WebhookRow): Promise<number> {
    const live = await this.live(context, webhook);
    return live?.seq ?? (await placeAtEnd(this.database, scopeOf(context), webhook.log)).sequence;
  }

  /** Newest first. */
  async replays(context: RequestContext, webhook: WebhookRow): Promise<WebhookPosition[]> {
    return (await this.positions(context, webhook)).filter(
      ({ replayId }) => replayId !== liveId && replayId !== testId,
    );
  }

  /** How many events its stream has behind its position, those that its filter lets out among them. */
  async lag(context: RequestContext, webhook: WebhookRow): Promise<number> {
    const [end, live] = await Promise.all([
      placeAtEnd(this.database, scopeOf(context), webhook.log),
      this.live(context, webhook),
    ]);
    return live ? Math.max(0, end.sequence - live.seq) : 0;
  }

  /** When the first event behind its position happened, one that its filter lets out among them. Null: there is none. */
  async oldestPendingAt(context: RequestContext, webhook: WebhookRow): Promise<Date | null> {
    const live = await this.live(context, webhook);
    if (!live) return null;
    const [event] = await this.database.read(scopeOf(context), readForward(webhook.log, live.seq, 1));
    return event?.at ?? null;
  }

  /** When all that it has is tried again, or the first message that waits by itself. Null: nothing went wrong, or it sends nothing. */
  async nextAttemptAt(context: RequestContext, webhook: WebhookRow): Promise<Date | null> {
    const live = await this.live(context, webhook);
    if (!live?.active) return null;
    if (live.attempt > 0) return live.nextAttemptAt;
    return live.waiting.length > 0 ? new Date(Math.min(...live.waiting.map(({ dueAt }) => dueAt))) : null;
  }

  async secrets(context: RequestContext, { id }: WebhookRow): Promise<StoredSecret[]> {
    const loader = batchLoader<string, StoredSecret[]>(context, 'delivery.secrets', async (ids) => {
      const found = await this.database.read(scopeOf(context), secretsOf(ids));
      return Map.groupBy(found, ({ webhookId }) => webhookId);
    });
    return (await loader.load(id)) ?? [];
  }

  async attempts(context: RequestContext, { id }: WebhookRow, request: PageRequest): Promise<Page<WebhookAttempt>> {
    const first = checkedFirst(request.first);
    const after = readPosition('webhookAttempt', request.after);
    const rows = await this.database.read(scopeOf(context), attemptsOf(id, after, first + 1));
    return toPage('webhookAttempt', request, rows, (row) => [row.id]);
  }

  async deadLetters(
    context: RequestContext,
    { id }: WebhookRow,
    states: readonly DeadLetterState[] | null,
    request: PageRequest,
  ): Promise<Page<DeadLetter> & { count(): Promise<number> }> {
    const first = checkedFirst(request.first);
    const after = readPosition('deadLetter', request.after);
    const rows = await this.database.read(scopeOf(context), deadLettersOf(id, states, after, first + 1));
    return {
      ...toPage('deadLetter', request, rows, (row) => [row.id]),
      count: async () => (await this.database.read(scopeOf(context), countDeadLetters(id, states)))[0] ?? 0,
    };
  }

  private async positions(context: RequestContext, { id }: WebhookRow): Promise<WebhookPosition[]> {
    const loader = batchLoader<string, WebhookPosition[]>(context, 'delivery.positions', async (ids) => {
      const found = await this.database.read(scopeOf(context), positionsOf(ids));
      return Map.groupBy(found, ({ webhookId }) => webhookId);
    });
    return (await loader.load(id)) ?? [];
  }
}

function readPosition(list: string, after: string | null): string | null {
  const [id] = positionAfter(list, after, 1) ?? [null];
  if (id === null || (typeof id === 'string' && uuid.test(id))) return id;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
