import { setTimeout as delay } from 'node:timers/promises';
import { Refused, type Session } from '../load/Session.ts';
import type { Ordering } from './checkTaken.ts';

export interface ToldWebhook {
  readonly path: string;
  readonly ordering: Ordering;
}

/** Each third webhook has another order, and each second of those in the order of the stream gets batches. */
const orderings = ['STREAM', 'ENTITY', 'NONE'] as const;
const batchSize = 10;
const createWebhook = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }';
const createFlow =
  'mutation ($name: String!) { createFlow(input: { kind: "told", name: $name, phases: ["a"], idempotencyKey: $name }) { flow { id } } }';
const cancelFlow =
  'mutation ($id: ID!, $key: String!) { cancelFlow(input: { flowId: $id, idempotencyKey: $key }) { flow { id } } }';

/** Webhooks of one workspace, and what they are told of: flows that begin, some of which are cancelled while others begin. */
export class ToldWorkspace {
  readonly webhooks: ToldWebhook[] = [];
  readonly #session: Session;
  readonly #name: string;

  constructor(session: Session, name: string) {
    this.#session = session;
    this.#name = name;
  }

  get id(): string {
    return this.#session.workspace.id;
  }

  async register(count: number, urlOf: (path: string, number: number) => string): Promise<void> {
    for (let number = 0; number < count; number += 1) {
      const path = `/${this.#name}/${number}`;
      const ordering = orderings[number % orderings.length]!;
      const maxBatch = ordering === 'STREAM' && number % 2 === 1 ? batchSize : 1;
      const document = 'subscription { flowUpdates { type sequence flow { id name } } }';
      const webhook = { name: path, url: urlOf(path, number), document, ordering, maxBatch };
      await this.#session.insist(createWebhook, { input: { webhook, idempotencyKey: path } });
      this.webhooks.push({ path, ordering });
    }
  }

  /** Until it holds no longer. */
  async write(goesOn: () => boolean, everyMs: number): Promise<void> {
    let open: string | null = null;
    for (let number = 0; goesOn(); number += 1) {
      if (open !== null && number % 3 === 2) {
        const key = `cancel ${this.#name} ${number}`;
        // One that was cancelled by a request whose answer got lost is refused here.
        await this.#session.insist(cancelFlow, { id: open, key }).catch((error: unknown) => {
          if (!(error instanceof Refused)) throw error;
        });
      } else {
        const { createFlow: made } = await this.#session.insist(createFlow, { name: `${this.#name} ${number}` });
        open = made.flow.id as string;
      }
      await delay(everyMs);
    }
  }
}
