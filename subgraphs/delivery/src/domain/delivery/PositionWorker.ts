import { createHash } from 'node:crypto';
import type { CommandClient } from '@tributary/commands';
import { deliverCommand, deliveryPart } from '@tributary/contracts/commands';
import type { DeliveredEvent } from '@tributary/contracts/commands';
import { isCodedError } from '@tributary/contracts/errors';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { AttemptOutcome } from '@tributary/contracts/values';
import { Deadline, newUuid } from '@tributary/kernel';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { sequenceOfCursor } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import { insertAttempts } from '../../storage/attemptStatements.js';
import type { WebhookAttempt } from '../../storage/attemptStatements.js';
import { markSent, putDeadLetter } from '../../storage/deadLetterStatements.js';
import { liveId, moveApart, testId } from '../../storage/positionStatements.js';
import type { PositionStep, StoredProgress, WebhookPosition } from '../../storage/positionStatements.js';
import { WebhookRow as WebhookTable } from '../../storage/WebhookRow.js';
import type { Answer, Outgoing } from '../outgoing/Outgoing.js';
import { Pace } from '../outgoing/Pace.js';
import type { WebhookRow } from '../model.js';
import { entitiesOf } from './entitiesOf.js';
import type { Tries } from './Progress.js';
import { sendSideBySide } from './SideBySide.js';
import type { RoundEnd, Sent } from './SideBySide.js';
import { endpointWait, messageAttempts, messageWait } from './backoff.js';
import { eventIdOf } from './eventId.js';
import { outcomeOf } from './outcomeOf.js';
import type { Outcome } from './outcomeOf.js';
import { Overtaken } from './Overtaken.js';
import { pageSizeFor } from './pageSizeFor.js';
import { leaseMs, PositionTrips } from './PositionTrips.js';
import type { Held } from './PositionTrips.js';
import { readWhole } from './readWhole.js';
import { renderBody } from './renderBody.js';
import type { Rendered } from './renderBody.js';
import { signedHeaders } from './signature.js';
import { tellOfWebhook } from '../tellOfWebhook.js';
import { activate, disable, pauseOwnerless } from './statusChanges.js';
import { noteDelivery } from './noteDelivery.js';
import { noteAge, noteAnswer, noteTrouble } from './trouble.js';
import { WritesInTurn } from './WritesInTurn.js';

export interface PositionWorkerOptions {
  readonly database: Database;
  readonly commands: CommandClient;
  readonly outgoing: Outgoing;
  readonly logger: Logger;
  /** Default: the clock. */
  readonly now?: () => number;
  /** Default: Math.random. */
  readonly chance?: () => number;
}

/** A position is let go after this, so that others of its workspace have their turn. */
const stretchMs = 20_000;
/** What was read with the owner's rights is sent within this time, or read anew. */
const pageAgeMs = 1_500;
const pageMs = 15_000;
/** Until a page that could not be read is asked for again. */
const pageRetryMs = 2_000;
/** Between two looks for something new while a message waits that nothing else waits for. */
const waitingLookMs = 1_000;

type Work = (transaction: WorkspaceTransaction) => Promise<void>;

interface Page {
  readonly events: readonly DeliveredEvent[];
  readonly endCursor: string;
  readonly hasNextPage: boolean;
  readonly readAt: number;
}

/** Sends what one position of one webhook has to send. Its position moves only behind an answer, and only while nobody else holds it. */
export class PositionWorker {
  private readonly now: () => number;
  private readonly pace = new Pace();
  private readonly trips: PositionTrips;

  constructor(private readonly options: PositionWorkerOptions) {
    this.trips = new PositionTrips(options.database);
    this.now = options.now ?? Date.now;
  }

  async work(workspaceId: string, webhookId: string, replayId: string): Promise<void> {
    const held = await this.trips.claim(workspaceId, { webhookId, replayId });
    if (!held) return;
    try {
      if (replayId === testId) await this.test(held);
      else if (held.webhook.ordering === 'STREAM') await this.send(held);
      else await this.sendApart(held);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }

  private async send(held: Held): Promise<void> {
    let { position } = held;
    let page: Page | null = null;
    let [isTurn, waited] = [false, false];
    const until = this.now() + stretchMs;
    for (;;) {
      if (!page || this.now() - page.readAt > pageAgeMs || !wantedOf(page, position).length) {
        const read = await this.read(held, position.cursor);
        if (read === 'later') await this.move(held, position, { ...stepOf(position), waitMs: pageRetryMs });
        if (typeof read === 'string') return;
        page = read;
      }
      const wanted = wantedOf(page, position);
      const batch = batchOf(wanted, held.webhook, position);
      if (batch.length === 0) {
        const more = page.hasNextPage && !isBehind(position, this.endOf(held, page));
        position = await this.move(held, position, {
          ...stepOf(position),
          seq: Math.max(position.seq, this.endOf(held, page)),
          cursor: page.endCursor,
          batchUntilSeq: null,
          finished: position.untilSeq !== null && !more,
          leaseMs: more && this.now() < until ? leaseMs : 0,
        });
        if (!more || this.now() >= until) return;
        continue;
      }
      if (!isTurn) {
        waited = await this.turn(held);
        isTurn = true;
        // What was read before is sent with the rights of now, or not at all.
        if (this.now() - page.readAt > pageAgeMs) continue;
      }
      const last = batch.at(-1)!;
      // Whoever has lost the position meanwhile finds it out here.
      if (waited || position.batchUntilSeq !== last.sequence)
        position = await this.move(held, position, { ...stepOf(position), batchUntilSeq: last.sequence, leaseMs });
      [isTurn, waited] = [false, false];
      // What comes later is found by the next look.
      const isEnd = !page.hasNextPage && batch.length === wanted.length;
      const next = await this.attempt(held, position, batch, isEnd || this.now() >= until);
      if (!next) return;
      position = next;
    }
  }

  /** Messages that do not all wait for each other: those of one flow or alert do with ENTITY, and none with NONE. */
  private async sendApart(held: Held): Promise<void> {
    const { webhook, position } = held;
    const { database, chance = Math.random } = this.options;
    const until = this.now() + stretchMs;
    const luck = chance();
    let [attempt, waitMs, retryAfterMs, takes] = [position.attempt, 0, 0, false];
    const writes = new WritesInTurn();
    const write = (stored: StoredProgress, step: { finished: boolean; leaseMs: number }, more?: Work) =>
      writes.write(() =>
        this.within(held, async (transaction) => {
          if (more) await lockFirst(transaction, webhook);
          const row = await transaction.queryOne(moveApart(position, { ...stored, attempt, waitMs, ...step }));
          if (!row) throw new Overtaken();
          await more?.(transaction);
        }),
      );
    const send = async (
      event: DeliveredEvent,
      { refusals, attempts }: Tries,
      progress: (sent: Sent) => StoredProgress,
    ): Promise<Sent> => {
      const { answer, rendered } = await this.request(held, [event], attempts + 1, null);
      const outcome = outcomeOf(answer, this.now());
      const isBuried = outcome.kind === 'abort' || (outcome.kind === 'message' && refusals + 1 >= messageAttempts);
      const sent: Sent =
        outcome.kind === 'endpoint' || outcome.kind === 'gone'
          ? 'trouble'
          : outcome.kind === 'message' && !isBuried
            ? 'refused'
            : 'passed';
      takes ||= outcome.kind === 'delivered';
      retryAfterMs = Math.max(retryAfterMs, (outcome.kind === 'endpoint' && outcome.retryAfterMs) || 0);
      const isTroubled = waitMs > 0 || outcome.kind === 'endpoint';
      // One that takes some of what comes beside each other is not waited for as one that takes nothing.
      attempt = (takes ? 0 : position.attempt) + (isTroubled ? 1 : 0);
      if (isTroubled) waitMs = Math.max(endpointWait(attempt, luck), retryAfterMs);
      const result =
        outcome.kind === 'delivered'
          ? 'DELIVERED'
          : isBuried
            ? 'DEAD_LETTER'
            : sent === 'trouble' && (answer.refused || outcome.kind === 'gone')
              ? 'REFUSED'
              : 'RETRY';
      await write(progress(sent), { finished: false, leaseMs }, async (transaction) => {
        await transaction.query(insertAttempts([this.noted(held, [event], attempts + 1, result, answer, rendered)]));
        if (position.replayId === liveId) await noteAge(transaction, webhook, event, this.now());
        if (isBuried) await this.bury(webhook, [event], answer, attempts + 1)(transaction);
        if (outcome.kind === 'delivered') {
          await noteAnswer(transaction, webhook);
          if (position.replayId !== liveId) await transaction.query(markSent(webhook.id, [event.sequence]));
        }
        if (outcome.kind === 'endpoint') await noteTrouble(transaction, webhook, this.now());
        if (outcome.kind === 'gone') await disable(transaction, webhook, 'GONE');
      });
      this.tell(held, rendered, { outcome: result, answer, attempt: attempts + 1, events: 1 });
      return sent;
    };
    let stored: StoredProgress = position;
    let isLater = false;
    let round: RoundEnd;
    do {
      round = await sendSideBySide(stored, {
        read: async (after) => {
          const page = await this.read(held, after);
          if (page === 'later') isLater = true;
          return typeof page === 'string'
            ? null
            : { ...page, end: { sequence: this.endOf(held, page), cursor: page.endCursor } };
        },
        turn: () => this.turn(held),
        keep: (progress) => write(progress, { finished: false, leaseMs }),
        lanesOf: (after, count) =>
          webhook.ordering === 'ENTITY'
            ? entitiesOf(database, { workspaceId: webhook.workspaceId }, webhook.log, after, count)
            : Promise.resolve(new Map<number, string>()),
        isWanted: (sequence) => wantedOf({ events: [{ sequence }] }, { ...position, seq: 0 }).length > 0,
        send,
        now: this.now,
        until,
        pageAgeMs,
      });
      stored = round.stored;
    } while (round.kind === 'again' && this.now() < until);
    if (round.kind === 'unread') {
      waitMs = pageRetryMs;
      if (isLater) await write(stored, { finished: false, leaseMs: 0 });
      return;
    }
    const { untilSeq } = position;
    const finished = untilSeq !== null && stored.waiting.length === 0 && (round.isEnd || stored.seq >= untilSeq);
    if (round.kind !== 'trouble' && stored.waiting.length > 0) waitMs = waitingLookMs;
    await write(stored, { finished, leaseMs: 0 });
  }

  /** `over`: there is nothing to be sent any more. `later`: the page could not be read just now. */
  private async read(held: Held, after: string): Promise<Page | 'over' | 'later'> {
    const { webhook } = held;
    const first = pageSizeFor(webhook.costPerEvent);
    try {
      let readAt = this.now();
      const page = await readWhole(() => {
        readAt = this.now();
        return this.options.commands.call(
          deliverCommand,
          { webhookId: webhook.id, after, first },
          {
            principal: systemPrincipal(webhook.workspaceId, deliveryPart),
            requestId: newUuid(),
            deadline: Deadline.in(pageMs),
          },
        );
      });
      if (page.kind === 'page') return { ...page, readAt };
      await this.within(held, (transaction) => pauseOwnerless(transaction, webhook));
      return 'over';
    } catch (error) {
      if (isCodedError(error) && error.code === 'RESOURCE_NOT_FOUND') return 'over';
      this.options.logger.warn(
        { err: error, webhookId: webhook.id },
        'a page of a webhook could not be read; it is tried again',
      );
      return 'later';
    }
  }

  /** One request. Answers the position behind it when there may be more to send at once. */
  private async attempt(
    held: Held,
    position: WebhookPosition,
    batch: readonly DeliveredEvent[],
    isLast: boolean,
  ): Promise<WebhookPosition | null> {
    const attempt = position.attempt + 1;
    const { answer, rendered } = await this.request(held, batch, attempt, position.lastSentSeq);
    const outcome = outcomeOf(answer, this.now());
    const last = batch.at(-1)!;
    const passed = {
      ...stepOf(position),
      seq: last.sequence,
      cursor: last.cursor,
      batchUntilSeq: null,
      attempt: 0,
      refusals: 0,
      finished: position.untilSeq !== null && last.sequence >= position.untilSeq,
      leaseMs: isLast ? 0 : leaseMs,
    };
    const { step, result, then } = this.decide(held, position, batch, outcome, answer, passed);
    const moved = await this.trips.write(held.webhook.workspaceId, {
      held: position,
      step,
      attempt: this.noted(held, batch, attempt, result, answer, rendered),
      then: async (transaction) => {
        if (position.replayId === liveId) await noteAge(transaction, held.webhook, batch[0]!, this.now());
        await then(transaction);
      },
    });
    this.tell(held, rendered, { outcome: result, answer, attempt, events: batch.length });
    return moved.active && step.leaseMs > 0 ? moved : null;
  }

  /** Waits until its webhook and its receiver’s host may be sent one more, and answers whether it had to. */
  private async turn({ webhook }: Held): Promise<boolean> {
    const waited = await this.pace.wait(webhook.id, webhook.maxPerSecond);
    return (await this.options.outgoing.turn(webhook.url)) || waited;
  }

  private async request(
    held: Held,
    batch: readonly DeliveredEvent[],
    attempt: number,
    previousSequence: number | null,
  ): Promise<{ readonly answer: Answer; readonly rendered: Rendered }> {
    const { webhook, position } = held;
    const replayId = position.replayId === liveId ? null : position.replayId;
    const rendered = renderBody(webhook, batch, { attempt, replayId, previousSequence });
    return { rendered, answer: await this.post(held, rendered.id, rendered.body, rendered.contentType) };
  }

  private tell(
    { webhook }: Held,
    { id }: Rendered,
    {
      outcome,
      answer,
      attempt,
      events,
    }: {
      readonly outcome: AttemptOutcome;
      readonly answer: Answer;
      readonly attempt: number;
      readonly events: number;
    },
  ): void {
    noteDelivery(this.options.logger, {
      kind: 'webhook',
      workspaceId: webhook.workspaceId,
      messageId: id,
      outcome,
      durationMs: answer.durationMs,
      attempt,
      facts: { webhookId: webhook.id, events },
    });
  }

  private noted(
    { webhook, position }: Held,
    batch: readonly DeliveredEvent[],
    attempt: number,
    outcome: AttemptOutcome,
    answer: Answer,
    { body }: Rendered,
  ): WebhookAttempt {
    return {
      webhookId: webhook.id,
      id: newUuid(),
      at: new Date(this.now()),
      replayId: position.replayId,
      seq: batch.at(-1)!.sequence,
      events: batch.length,
      attempt,
      outcome,
      ...exchanged(body, answer),
    };
  }

  /** What an answer does to the position, and to the webhook. */
  private decide(
    { webhook }: Held,
    position: WebhookPosition,
    batch: readonly DeliveredEvent[],
    outcome: Outcome,
    answer: Answer,
    passed: PositionStep,
  ): {
    readonly step: PositionStep;
    readonly result: AttemptOutcome;
    readonly then: (transaction: WorkspaceTransaction) => Promise<void>;
  } {
    const nothing = () => Promise.resolve();
    const again = { ...stepOf(position), attempt: position.attempt + 1 };
    const isReplay = position.replayId !== liveId;
    switch (outcome.kind) {
      case 'delivered':
        return {
          step: { ...passed, lastSentSeq: batch.at(-1)!.sequence },
          result: 'DELIVERED',
          then: async (transaction) => {
            if (webhook.status === 'FAILING' || position.attempt > 0) await noteAnswer(transaction, webhook);
            if (isReplay)
              await transaction.query(
                markSent(
                  webhook.id,
                  batch.map(({ sequence }) => sequence),
                ),
              );
          },
        };
      case 'gone':
        return { step: again, result: 'REFUSED', then: (transaction) => disable(transaction, webhook, 'GONE') };
      case 'endpoint': {
        const wait = endpointWait(again.attempt - position.refusals, (this.options.chance ?? Math.random)());
        return {
          step: { ...again, waitMs: Math.max(wait, outcome.retryAfterMs ?? 0) },
          result: answer.refused ? 'REFUSED' : 'RETRY',
          then: (transaction) => noteTrouble(transaction, webhook, this.now()),
        };
      }
      case 'message': {
        const refusals = position.refusals + 1;
        // One of them is to blame: they go one by one.
        if (batch.length > 1)
          return {
            step: { ...stepOf(position), batchUntilSeq: null, singleUntilSeq: batch.at(-1)!.sequence },
            result: 'RETRY',
            then: nothing,
          };
        if (refusals < messageAttempts)
          return { step: { ...again, refusals, waitMs: messageWait(refusals)! }, result: 'RETRY', then: nothing };
        return { step: passed, result: 'DEAD_LETTER', then: this.bury(webhook, batch, answer, again.attempt) };
      }
      case 'abort':
        return { step: passed, result: 'DEAD_LETTER', then: this.bury(webhook, batch, answer, again.attempt) };
    }
  }

  private bury(webhook: WebhookRow, batch: readonly DeliveredEvent[], { status, text }: Answer, attempts: number) {
    return async (transaction: WorkspaceTransaction): Promise<void> => {
      for (const { sequence, type } of batch) {
        tellOfWebhook(transaction, 'webhook.dead_letter', webhook, { sequence, type, attempts });
        await transaction.query(
          putDeadLetter({
            webhookId: webhook.id,
            id: newUuid(),
            seq: sequence,
            eventId: eventIdOf(webhook.id, webhook.log, sequence),
            type,
            at: new Date(this.now()),
            reason: `${status}: ${text}`.slice(0, 500),
            attempts,
            state: 'DEAD',
          }),
        );
      }
    };
  }

  /** A message without an event, which shows that its receiver is there, and checks signatures. */
  private async test(held: Held): Promise<void> {
    const { webhook, position } = held;
    const at = new Date(this.now());
    const id = `evt_test${newUuid().replaceAll('-', '')}`;
    const body = JSON.stringify({ type: 'webhook.test', timestamp: at.toISOString(), data: null });
    await this.options.outgoing.turn(webhook.url);
    const answer = await this.post(held, id, body, 'application/json');
    const delivered = outcomeOf(answer, this.now()).kind === 'delivered';
    await this.trips.write(webhook.workspaceId, {
      held: position,
      step: { ...stepOf(position), finished: true },
      attempt: {
        webhookId: webhook.id,
        id: newUuid(),
        at,
        replayId: testId,
        seq: 0,
        events: 0,
        attempt: 1,
        outcome: delivered ? 'DELIVERED' : 'REFUSED',
        ...exchanged(body, answer),
      },
      then: async (transaction) => {
        if (delivered && webhook.status === 'PENDING') await activate(transaction, webhook);
      },
    });
  }

  private post(held: Held, id: string, body: string, contentType: string): Promise<Answer> {
    const { webhook, secrets, headers } = held;
    return this.options.outgoing.post({
      url: webhook.url,
      headers: {
        ...headers,
        'content-type': contentType,
        ...signedHeaders(id, new Date(this.now()), body, webhook.signing, secrets),
      },
      body,
      keptFor: `${webhook.id}/${webhook.version}`,
    });
  }

  private endOf({ webhook }: Held, page: Page): number {
    return sequenceOfCursor(webhook.workspaceId, webhook.log, page.endCursor) ?? 0;
  }

  private move({ webhook }: Held, position: WebhookPosition, step: PositionStep): Promise<WebhookPosition> {
    return this.trips.write(webhook.workspaceId, { held: position, step, attempt: null });
  }

  private within<Result>(
    { webhook }: Held,
    work: (transaction: WorkspaceTransaction) => Promise<Result>,
  ): Promise<Result> {
    return this.options.database.withWorkspace({ workspaceId: webhook.workspaceId }, work);
  }
}

/** Whoever changes a webhook holds it before its positions: in another order two would wait for each other. */
async function lockFirst(transaction: WorkspaceTransaction, { id }: WebhookRow): Promise<void> {
  if (!(await transaction.repository(WebhookTable).findById('delivery.lockWebhook', id, { lock: true })))
    throw new Overtaken();
}

/** What is kept of a request and of what came back. */
function exchanged(body: string, { status, durationMs, text }: Answer) {
  return {
    statusCode: status,
    durationMs,
    bytes: Buffer.byteLength(body),
    bodySha256: createHash('sha256').update(body).digest('hex'),
    answer: text === '' ? null : text.slice(0, 500),
  };
}

/** The position as it is, let go at once. */
function stepOf(position: WebhookPosition): PositionStep {
  const { seq, cursor, lastSentSeq, batchUntilSeq, singleUntilSeq, attempt, refusals } = position;
  return {
    seq,
    cursor,
    lastSentSeq,
    batchUntilSeq,
    singleUntilSeq,
    attempt,
    refusals,
    waitMs: 0,
    finished: false,
    leaseMs: 0,
  };
}

/** Those of a page that are still to be sent. */
function wantedOf<Event extends { readonly sequence: number }>(
  page: { readonly events: readonly Event[] },
  { seq, untilSeq, onlySeqs }: Pick<WebhookPosition, 'seq' | 'untilSeq' | 'onlySeqs'>,
): readonly Event[] {
  return page.events.filter(
    ({ sequence }) =>
      sequence > seq && sequence <= (untilSeq ?? Infinity) && (onlySeqs === null || onlySeqs.includes(sequence)),
  );
}

/** What goes into one request: what went into it before, if it was tried. */
function batchOf(
  wanted: readonly DeliveredEvent[],
  { maxBatch }: WebhookRow,
  { seq, batchUntilSeq, singleUntilSeq }: WebhookPosition,
): readonly DeliveredEvent[] {
  const size = singleUntilSeq !== null && seq < singleUntilSeq ? 1 : maxBatch;
  const batch = wanted.slice(0, size);
  const same = batch.filter(({ sequence }) => sequence <= (batchUntilSeq ?? Infinity));
  return same.length > 0 ? same : batch;
}

function isBehind({ untilSeq }: WebhookPosition, sequence: number): boolean {
  return untilSeq !== null && sequence >= untilSeq;
}
