import type { Database, WorkspaceTransaction } from '@tributary/data';
import { insertAttempts } from '../../storage/attemptStatements.js';
import type { WebhookAttempt } from '../../storage/attemptStatements.js';
import { claimPositions, movePositions } from '../../storage/positionStatements.js';
import type { HeldStep, PositionPlace, WebhookPosition } from '../../storage/positionStatements.js';
import { secretsOf } from '../../storage/secretStatements.js';
import type { StoredSecret } from '../../storage/secretStatements.js';
import { lockWebhooks, webhooksById } from '../../storage/webhookStatements.js';
import { openHeaders } from '../ownHeaders.js';
import type { WebhookRow } from '../model.js';
import { Gathered } from './Gathered.js';
import { Overtaken } from './Overtaken.js';

/** Longer than a page and a request together may take: whoever takes a position over finds nobody at it. */
export const leaseMs = 40_000;

/** A position that is held, and what is sent by it. */
export interface Held {
  readonly webhook: WebhookRow;
  readonly secrets: readonly StoredSecret[];
  readonly headers: Readonly<Record<string, string>>;
  readonly position: WebhookPosition;
}

/** What is written of a position that is held. */
export interface Step extends HeldStep {
  /** The request that led to it; null: none did. */
  readonly attempt: WebhookAttempt | null;
  /** What else it changes, once the position is written. */
  readonly then?: (transaction: WorkspaceTransaction) => Promise<void>;
}

/** Takes positions and writes them: those of one workspace together, as they come. */
export class PositionTrips {
  private readonly claims: Gathered<PositionPlace, Held | null>;
  private readonly steps: Gathered<Step, WebhookPosition>;

  constructor(private readonly database: Database) {
    this.claims = new Gathered((workspaceId, places) => this.claimAll(workspaceId, places));
    this.steps = new Gathered((workspaceId, steps) => this.writeAll(workspaceId, steps));
  }

  /** Null: it is not due any more, or another was faster. */
  claim(workspaceId: string, place: PositionPlace): Promise<Held | null> {
    return this.claims.ask(workspaceId, place);
  }

  /** Answers the position as it is then. Throws Overtaken when somebody else has it, or there is no such webhook any more. */
  write(workspaceId: string, step: Step): Promise<WebhookPosition> {
    return this.steps.ask(workspaceId, step);
  }

  private claimAll(workspaceId: string, places: readonly PositionPlace[]): Promise<(Held | null)[]> {
    return this.database.withWorkspace({ workspaceId }, async (transaction) => {
      const positions = await transaction.query(claimPositions(places, leaseMs));
      if (positions.length === 0) return places.map(() => null);
      const ids = [...new Set(positions.map(({ webhookId }) => webhookId))];
      const [webhooks, secrets] = await Promise.all([
        transaction.query(webhooksById(this.database, ids)),
        transaction.query(secretsOf(ids)),
      ]);
      const positionAt = new Map(positions.map((position) => [keyOf(position), position]));
      const webhookOf = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
      const secretsOfEach = Map.groupBy(secrets, ({ webhookId }) => webhookId);
      return places.map((place) => {
        const [position, webhook] = [positionAt.get(keyOf(place)), webhookOf.get(place.webhookId)];
        if (!position || !webhook) return null;
        const headers = openHeaders(transaction.cipher, webhook);
        return { webhook, position, secrets: secretsOfEach.get(webhook.id) ?? [], headers };
      });
    });
  }

  /** Whoever changes a webhook holds it before its positions: in another order two would wait for each other. */
  private writeAll(workspaceId: string, steps: readonly Step[]): Promise<(WebhookPosition | Error)[]> {
    return this.database.withWorkspace({ workspaceId }, async (transaction) => {
      const locked = await transaction.query(lockWebhooks([...new Set(steps.map(({ held }) => held.webhookId))]));
      const [first] = locked;
      if (!first) return steps.map(() => new Overtaken());
      const ids = new Set(locked.map(({ id }) => id));
      const there = steps.filter(({ held }) => ids.has(held.webhookId));
      const positions = await transaction.query(movePositions(there, first.now));
      const moved = new Map(positions.map((position) => [keyOf(position), position]));
      const passed = there.filter(({ held }) => moved.has(keyOf(held)));
      const attempts = passed.flatMap(({ attempt }) => (attempt ? [attempt] : []));
      if (attempts.length > 0) await transaction.query(insertAttempts(attempts));
      for (const { then } of passed) await then?.(transaction);
      return steps.map(({ held }) => moved.get(keyOf(held)) ?? new Overtaken());
    });
  }
}

function keyOf({ webhookId, replayId }: PositionPlace): string {
  return `${webhookId}/${replayId}`;
}
