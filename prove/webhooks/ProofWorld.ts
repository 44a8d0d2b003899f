import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { newDataFolder, System } from '@tributary/kit';
import { askGateway, Client } from '@tributary/kit/client';
import pg from 'pg';
import { ProofReceiver } from './ProofReceiver.ts';

export interface Asking {
  ask(query: string, variables?: Record<string, unknown>): Promise<any>;
}

export interface WorldOptions {
  readonly main?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

export interface WebhookState {
  readonly id: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly seq: number;
  readonly attempt: number;
  /** Until the next attempt. */
  readonly waitMs: number;
  readonly letters: number;
}

const liveId = '00000000-0000-0000-0000-000000000000';
const createWebhook =
  'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id } } }';
const createFlow =
  'mutation ($kind: String!, $name: String!, $key: String!) { createFlow(input: { kind: $kind, name: $name, phases: ["a"], idempotencyKey: $key }) { flow { id } } }';
const writers = 8;
const mostAttempts = 8;

/** A whole product, its receivers, and a clock of its webhooks that can be moved. */
export class ProofWorld implements AsyncDisposable {
  readonly acme: Client;
  readonly globex: Client;
  readonly receiver: ProofReceiver;
  readonly system: System;
  readonly dataFolder: string;
  readonly #admin: pg.Client;
  #webhooks = 0;

  private constructor(system: System, dataFolder: string, receiver: ProofReceiver, admin: pg.Client) {
    this.system = system;
    this.dataFolder = dataFolder;
    this.receiver = receiver;
    this.#admin = admin;
    this.acme = new Client(system);
    this.globex = new Client(system, 'globex');
  }

  /** `main`: what is started instead of the product, for a build that must be found out. `settings` are its own. */
  static async start({ main, settings }: WorldOptions = {}): Promise<ProofWorld> {
    const dataFolder = newDataFolder('webhooks');
    const system = await System.start({
      dataFolder,
      ...(main === undefined ? {} : { command: [process.execPath, main] }),
      settings: { WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8', ...settings },
    });
    const admin = new pg.Client({ connectionString: system.databaseUrl });
    admin.on('error', () => undefined);
    await admin.connect();
    const world = new ProofWorld(system, dataFolder, await ProofReceiver.start(), admin);
    await world.until('the gateway is ready', () => world.acme.healthy());
    return world;
  }

  /** Answers its id and its secret once it is ACTIVE. `who` asks for it, and owns it. */
  async webhook(name: string, given: Readonly<Record<string, unknown>>, who: Asking = this.acme) {
    const webhook = { name, url: this.receiver.urlOf(name, this.#webhooks++), ...given };
    const { createWebhook: made } = await insist(who, createWebhook, { input: { webhook, idempotencyKey: name } });
    await this.until(`${name} is active`, async () => (await this.state(name)).status === 'ACTIVE');
    return { id: made.webhook.id as string, secret: made.secret as string };
  }

  /** So many flows of a kind, each of which is one event. */
  async happen(kind: string, count: number, who: Asking = this.acme): Promise<void> {
    let left = count;
    const write = async () => {
      while ((left -= 1) >= 0) await insist(who, createFlow, { kind, name: `${kind} ${left}`, key: randomUUID() });
    };
    await Promise.all(Array.from({ length: Math.min(writers, count) }, write));
  }

  async state(name: string): Promise<WebhookState> {
    const [row] = await this.query(
      `select w.id, w.status, w.status_reason, p.seq, p.attempt, extract(epoch from p.next_attempt_at - clock_timestamp()) * 1000 as wait,
         (select count(*) from webhook_dead_letter d where d.workspace_id = w.workspace_id and d.webhook_id = w.id) as letters
       from webhook w join webhook_position p on p.workspace_id = w.workspace_id and p.webhook_id = w.id and p.replay_id = '${liveId}'
       where w.name = $1`,
      [name],
    );
    if (!row) throw new Error(`There is no webhook ${name}.`);
    return {
      id: row['id'],
      status: row['status'],
      statusReason: row['status_reason'],
      seq: Number(row['seq']),
      attempt: row['attempt'],
      waitMs: Number(row['wait']),
      letters: Number(row['letters']),
    };
  }

  /** Moves the clock of everything that waits, and of everything that was, ahead. */
  async pass(ms: number): Promise<void> {
    const whole = Math.max(0, Math.ceil(ms));
    await this.query(
      `update webhook_position set fence = fence + 1, lease_until = null, next_attempt_at = next_attempt_at - $1::bigint * interval '1 millisecond',
         waiting = (select coalesce(jsonb_agg(jsonb_set(m, '{dueAt}', to_jsonb((m->>'dueAt')::numeric - $1::bigint))), '[]') from jsonb_array_elements(waiting) m)`,
      [whole],
    );
    await this.query(
      `update webhook set failing_since = failing_since - $1::bigint * interval '1 millisecond' where failing_since is not null`,
      [whole],
    );
    await this.query(`update event set at = at - $1::bigint * interval '1 millisecond'`, [whole]);
  }

  /** Past every lock. */
  async query(text: string, values: readonly unknown[] = []): Promise<Record<string, any>[]> {
    return (await this.#admin.query<Record<string, any>>(text, [...values])).rows;
  }

  async until(what: string, holds: () => Promise<boolean> | boolean, patienceMs = 60_000): Promise<void> {
    const patience = Date.now() + patienceMs;
    while (!(await holds())) {
      if (Date.now() > patience) throw new Error(`It did not come to this: ${what}.`);
      await delay(50);
    }
  }

  asKey(secret: string): Asking {
    return { ask: (query, variables) => askGateway(this.system.origin, { 'x-api-key': secret }, query, variables) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.acme.close();
    this.globex.close();
    await this.receiver[Symbol.asyncDispose]();
    await this.#admin.end().catch(() => undefined);
    await this.system[Symbol.asyncDispose]();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}

/** Sends it again when a machine that has too much to do did not answer: what it makes has a key. */
async function insist(who: Asking, query: string, variables: Record<string, unknown>): Promise<any> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await who.ask(query, variables);
    } catch (error) {
      if (attempt === mostAttempts || !/SERVICE_UNAVAILABLE|had no answer/.test(String(error))) throw error;
      await delay(attempt * 500);
    }
  }
}
