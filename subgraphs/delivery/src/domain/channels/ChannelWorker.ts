import type { NotificationPayload } from '@tributary/contracts/events';
import { notificationPayload } from '@tributary/contracts/payloads';
import type { AttemptOutcome } from '@tributary/contracts/values';
import { newUuid } from '@tributary/kernel';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { readForward } from '@tributary/events';
import type { LoggedEvent } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import { claimChannel, moveChannel } from '../../storage/channelPositionStatements.js';
import type { ChannelPosition, ChannelStep } from '../../storage/channelPositionStatements.js';
import {
  channelsById,
  forgetThread,
  noteChannelFailing,
  noteChannelRecovered,
  putThread,
  threadOf,
} from '../../storage/channelStatements.js';
import type { ChannelRow } from '../../storage/ChannelRow.js';
import { channelSecret } from '../../storage/encryptedColumns.js';
import { putNotification, putNotifiedAlerts } from '../../storage/notificationStatements.js';
import { endpointWait, givenUpAfterMs } from '../delivery/backoff.js';
import { eventIdOf } from '../delivery/eventId.js';
import { noteDelivery } from '../delivery/noteDelivery.js';
import { Overtaken } from '../delivery/Overtaken.js';
import { retryAfterOf } from '../delivery/outcomeOf.js';
import type { Mailer } from '../outgoing/Mailer.js';
import type { Outgoing } from '../outgoing/Outgoing.js';
import { adapters } from './adapters.js';
import type { Adapter, OpenChannel, Rendered, Verdict } from './Adapter.js';
import type { ChannelAnswer } from '../outgoing/ChannelAnswer.js';
import { disableChannel } from './disableChannel.js';
import { testNotification } from './testNotification.js';

export interface ChannelWorkerOptions {
  readonly database: Database;
  readonly outgoing: Outgoing;
  /** Null: this installation sends no mail. */
  readonly mailer: Mailer | null;
  readonly logger: Logger;
  /** Default: the clock. */
  readonly now?: () => number;
  /** Default: Math.random. */
  readonly chance?: () => number;
}

/** Longer than one message may take: whoever takes a channel over finds nobody at it. */
const leaseMs = 40_000;
const stretchMs = 20_000;
const mostEvents = 50;
const longestAnswer = 500;

interface Held {
  readonly row: ChannelRow;
  readonly open: OpenChannel;
  readonly position: ChannelPosition;
}

/** Sends what one channel has to send, one message at a time. Its position moves only behind an answer, and only while nobody else holds it. */
export class ChannelWorker {
  private readonly now: () => number;

  constructor(private readonly options: ChannelWorkerOptions) {
    this.now = options.now ?? Date.now;
  }

  async work(workspaceId: string, channelId: string, isTest: boolean): Promise<void> {
    const held = await this.claim(workspaceId, channelId, isTest);
    if (!held) return;
    try {
      if (isTest) await this.tell(held, held.position, testNotification(channelId, new Date(this.now())), null);
      else await this.goOn(held);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }

  private claim(workspaceId: string, channelId: string, isTest: boolean): Promise<Held | null> {
    const { database } = this.options;
    return database.withWorkspace({ workspaceId }, async (transaction) => {
      const position = await transaction.queryOne(claimChannel(channelId, isTest, leaseMs));
      const [row] = position ? await transaction.query(channelsById(database, [channelId])) : [];
      if (!position || !row) return null;
      const secret = row.secret === null ? null : transaction.cipher.open(channelSecret, [row.id], row.secret);
      return { row, position, open: { id: row.id, workspaceId, name: row.name, settings: row.settings, secret } };
    });
  }

  private async goOn(held: Held): Promise<void> {
    let { position } = held;
    const until = this.now() + stretchMs;
    for (;;) {
      const events = await this.options.database.read(
        { workspaceId: held.row.workspaceId },
        readForward('notifications', position.seq, mostEvents),
      );
      for (const event of events) {
        const notification = this.read(held, event);
        if (!notification) continue;
        const next = await this.tell(held, position, notification, event);
        if (!next || this.now() >= until) return;
        position = next;
      }
      // Those of other channels are passed over together.
      const more = events.length === mostEvents;
      position = await this.move(held, position, {
        ...still(position),
        seq: events.at(-1)?.sequence ?? position.seq,
        leaseMs: more ? leaseMs : 0,
      });
      if (!more) return;
    }
  }

  /** Null: not for this channel, or it cannot be read. */
  private read({ row }: Held, event: LoggedEvent): NotificationPayload | null {
    if (event.type !== 'notification.due') return null;
    const parsed = notificationPayload.safeParse(event.payload);
    if (parsed.success) return parsed.data.channelIds.includes(row.id) ? parsed.data : null;
    // It will not get better by waiting, and everything behind it would wait with it.
    this.options.logger.error(
      { workspaceId: row.workspaceId, sequence: event.sequence },
      'a notification cannot be read',
    );
    return null;
  }

  /** Sends one message. Answers the position behind it when there may be more to send at once. */
  private async tell(
    held: Held,
    position: ChannelPosition,
    notification: NotificationPayload,
    event: LoggedEvent | null,
  ): Promise<ChannelPosition | null> {
    const { row, open } = held;
    const adapter = adapters[row.kind];
    const at = new Date(this.now());
    const [thread] = await this.options.database.read(
      { workspaceId: row.workspaceId },
      threadOf(row.id, notification.groupKey),
    );
    const id = event ? eventIdOf(row.id, 'notifications', event.sequence) : `evt_test${newUuid().replaceAll('-', '')}`;
    const message = { notification, id, at: event?.at ?? at, thread: thread ?? null };
    const { answer, verdict } = await this.sendAll(row, adapter, adapter.render(open, message));
    const { step, outcome } = this.decide(position, verdict, answer, event);
    noteDelivery(this.options.logger, {
      kind: 'channel',
      workspaceId: row.workspaceId,
      messageId: id,
      outcome,
      durationMs: this.now() - at.getTime(),
      attempt: position.attempt + 1,
      facts: { channelId: row.id, alerts: notification.total },
    });
    return this.within(held, async (transaction) => {
      const moved = await transaction.queryOne(moveChannel(position, step));
      if (!moved) throw new Overtaken();
      const noted = await transaction.queryOne(
        putNotification({
          id: newUuid(),
          channelId: row.id,
          seq: event?.sequence ?? null,
          at,
          kind: event ? notification.kind : 'TEST',
          route: notification.route,
          alerts: notification.total,
          attempts: position.attempt + 1,
          outcome,
          answer: answer.text === '' ? null : answer.text.slice(0, longestAnswer),
        }),
      );
      if (event)
        await transaction.query(
          putNotifiedAlerts(
            noted!,
            notification.alerts.map(({ alertId }) => alertId),
          ),
        );
      await this.note(transaction, row, verdict, event);
      if (verdict.kind === 'done') {
        const isOver = notification.alerts.every(({ status }) => status === 'RESOLVED');
        if (isOver) await transaction.query(forgetThread(row.id, notification.groupKey));
        else if (!thread && verdict.thread)
          await transaction.query(putThread(row.id, notification.groupKey, verdict.thread));
      }
      return moved.active && step.leaseMs > 0 ? moved : null;
    });
  }

  private decide(
    position: ChannelPosition,
    verdict: Verdict,
    answer: ChannelAnswer,
    event: LoggedEvent | null,
  ): { readonly step: ChannelStep; readonly outcome: AttemptOutcome } {
    // A test is tried once.
    if (!event)
      return {
        step: { ...still(position), active: false },
        outcome: verdict.kind === 'done' ? 'DELIVERED' : 'REFUSED',
      };
    const attempt = position.attempt + 1;
    if (verdict.kind === 'retry') {
      const wait = endpointWait(attempt, (this.options.chance ?? Math.random)());
      return {
        step: { ...still(position), attempt, waitMs: Math.max(wait, answer.retryAfterMs ?? 0) },
        outcome: 'RETRY',
      };
    }
    const passed = { ...still(position), seq: event.sequence, attempt: 0, leaseMs };
    return { step: passed, outcome: verdict.kind === 'done' ? 'DELIVERED' : 'DEAD_LETTER' };
  }

  private async note(
    transaction: WorkspaceTransaction,
    row: ChannelRow,
    verdict: Verdict,
    event: LoggedEvent | null,
  ): Promise<void> {
    if (verdict.kind === 'retry' && event) {
      const since = await transaction.queryOne(noteChannelFailing(row.id, new Date(this.now())));
      if (since && this.now() - since.getTime() >= givenUpAfterMs) await disableChannel(transaction, row);
    }
    if (verdict.kind === 'done' && event) await transaction.query(noteChannelRecovered(row.id));
  }

  /** The first answer that is not well says what came of it; what is to be tried again ends it. */
  private async sendAll(
    row: ChannelRow,
    adapter: Adapter,
    parts: readonly Rendered[],
  ): Promise<{ readonly answer: ChannelAnswer; readonly verdict: Verdict }> {
    let worst: { answer: ChannelAnswer; verdict: Verdict } | null = null;
    for (const part of parts) {
      const answer = await this.send(row, part);
      const verdict = adapter.interpret(answer);
      if (verdict.kind === 'retry') return { answer, verdict };
      if (!worst || (worst.verdict.kind === 'done' && verdict.kind === 'dead')) worst = { answer, verdict };
    }
    return worst ?? { answer: { status: null, text: '', retryAfterMs: null }, verdict: { kind: 'done' } };
  }

  private async send(row: ChannelRow, rendered: Rendered): Promise<ChannelAnswer> {
    if (rendered.by === 'mail') {
      const none = { status: null, text: 'This installation has no mail server.', retryAfterMs: null };
      return (await this.options.mailer?.send(rendered.mail)) ?? none;
    }
    await this.options.outgoing.turn(rendered.url);
    const answer = await this.options.outgoing.post({
      url: rendered.url,
      headers: rendered.headers,
      body: rendered.body,
      keptFor: `${row.id}/${row.version}`,
    });
    return { status: answer.status, text: answer.text, retryAfterMs: retryAfterOf(answer, this.now()) };
  }

  private async move(held: Held, position: ChannelPosition, step: ChannelStep): Promise<ChannelPosition> {
    const row = await this.within(held, (transaction) => transaction.queryOne(moveChannel(position, step)));
    if (!row) throw new Overtaken();
    return row;
  }

  private within<Result>({ row }: Held, work: (transaction: WorkspaceTransaction) => Promise<Result>): Promise<Result> {
    return this.options.database.withWorkspace({ workspaceId: row.workspaceId }, work);
  }
}

/** The position as it is, let go at once. */
function still({ seq, attempt, active }: ChannelPosition): ChannelStep {
  return { seq, attempt, waitMs: 0, active, leaseMs: 0 };
}
