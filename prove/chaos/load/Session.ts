import type { Workspace } from '../cluster/ChaosCluster.ts';
import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  readonly data?: Record<string, any> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** A write was refused for good: no fault of the network makes that right. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

const attemptMs = 8_000;
const longestWaitMs = 1_000;
const tryAgain = new Set(['SERVICE_UNAVAILABLE', 'DATABASE_ERROR', 'CACHE_ERROR', 'RATE_LIMIT_EXCEEDED']);
const signInAgain = new Set(['EXPIRED_TOKEN', 'INVALID_CREDENTIALS']);

/** The owner of a workspace, who tries again until there is an answer. */
export class Session {
  readonly workspace: Workspace;
  readonly origins: readonly string[];
  /** Answers with INTERNAL_ERROR, which are tried again as well. */
  internalErrors = 0;
  attempts = 0;
  #token: Promise<string> | null = null;
  #tokenUntil = 0;
  #turn = 0;

  constructor(workspace: Workspace, origins: readonly string[]) {
    this.workspace = workspace;
    this.origins = origins;
  }

  /** A gateway, each in turn. */
  origin(): string {
    this.#turn += 1;
    return this.origins[this.#turn % this.origins.length]!;
  }

  /** What goes into the header `authorization`. */
  async authorization(): Promise<string> {
    if (!this.#token || Date.now() > this.#tokenUntil) {
      this.#tokenUntil = Infinity;
      this.#token = this.#signIn();
    }
    return `Bearer ${await this.#token}`;
  }

  /** Sends until it is acknowledged: `variables` must make that harmless. Throws Refused. */
  async insist(query: string, variables: Record<string, unknown>): Promise<Record<string, any>> {
    for (let attempt = 1; ; attempt += 1) {
      this.attempts += 1;
      const answer = await this.#post(query, variables).catch(() => null);
      const code = answer?.errors?.[0]?.extensions?.code;
      if (answer?.data && !answer.errors) return answer.data;
      if (code && signInAgain.has(code)) this.#token = null;
      else if (code === 'INTERNAL_ERROR') this.internalErrors += 1;
      else if (code && !tryAgain.has(code)) throw new Refused(code, answer.errors[0]!.message);
      await delay(Math.random() * Math.min(longestWaitMs, 50 * 2 ** attempt));
    }
  }

  async #post(query: string, variables: Record<string, unknown>): Promise<Answer> {
    const response = await fetch(`${this.origin()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: await this.authorization() },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(attemptMs),
    });
    return (await response.json()) as Answer;
  }

  async #signIn(): Promise<string> {
    const { email, password } = this.workspace;
    for (;;) {
      const response = await fetch(`${this.origin()}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
        signal: AbortSignal.timeout(attemptMs),
      }).catch(() => null);
      if (response?.status === 200) {
        const body = (await response.json().catch(() => null)) as {
          accessToken: string;
          expiresInSeconds: number;
        } | null;
        if (body) {
          this.#tokenUntil = Date.now() + body.expiresInSeconds * 500;
          return body.accessToken;
        }
      }
      await delay(500);
    }
  }
}
