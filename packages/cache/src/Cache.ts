import { createHash } from 'node:crypto';
import { isCodedError } from '@tributary/contracts/errors';
import { errorRegister } from '@tributary/contracts/errors';
import { canonicalJson, type TenantScope } from '@tributary/data';
import { sharedKey } from '@tributary/kernel';
import { counter } from '@tributary/observability';
import { buildVersion } from '@tributary/process';
import { LRUCache } from 'lru-cache';
import { answerOf, answerText } from './answerText.js';
import { graceTimes, type CacheKind } from './cacheKinds.js';
import type { CacheConfig } from './config.js';
import type { MomentSpan, RangeChanges } from './RangeChanges.js';
import type { SharedLevel } from './SharedLevel.js';

export interface CacheRequest {
  /** Which part of the product answers, such as `metrics`. */
  readonly domain: string;
  /** Which of its questions. */
  readonly scope: string;
  /** All that the answer depends on beside the workspace. It may not depend on who asks: what is masked is masked behind the cache. */
  readonly asked: unknown;
  readonly kind: CacheKind;
  /** What the answer is made of, and what tells when that has changed. */
  readonly range: MomentSpan;
  readonly changes: RangeChanges;
  /** How old an answer the reader takes. 0: none but a new one. Null: as old as its kind may be, and older rather than none. */
  readonly maxAgeMs: number | null;
}

export interface CachedAnswer<Answer> {
  readonly answer: Answer;
  /** Whether it is older than it should be, since a new one could not be computed. */
  readonly isDegraded: boolean;
}

interface Entry {
  readonly answer: unknown;
  /** When its computation began, by the clock of `performance`. */
  readonly bornAt: number;
  /** The number of the log that it has behind it. */
  readonly position: number;
  readonly bytes: number;
}

interface Flight {
  readonly begunAt: number;
  readonly entry: Promise<Entry>;
}

/** What reaches into the last hour changes all the time: so long it is given again without a look at what has changed. */
const presentMs = 3_600_000;
const presentTakesMs = 30_000;
/** A larger answer costs more to keep than to compute. */
const maxEntryBytes = 1024 * 1024;

const outcomes = counter('tributary_cache_total', 'Questions to the cache, by where their answer came from.', [
  'level',
  'kind',
  'outcome',
]);

/**
 * Answers of a workspace that may be given again: kept by the process, shared by all processes in Redis. A key always holds the
 * workspace. Whoever asks while an answer is computed waits for the same one. Nothing is deleted when data change: an answer is held against
 * the log when it is given, so that none can be deleted too early, too late or in vain.
 */
export class Cache implements AsyncDisposable {
  private readonly local: LRUCache<string, Entry> | null;
  private readonly flights = new Map<string, Flight>();

  constructor(
    private readonly config: CacheConfig,
    private readonly shared: SharedLevel | null = null,
  ) {
    const { maxBytes } = config;
    this.local = maxBytes > 0 ? new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes }) : null;
  }

  /** The answer, and whether it is older than it should be. What `compute` throws is thrown on, unless an older answer serves. */
  async cached<Answer>(
    scope: TenantScope,
    request: CacheRequest,
    compute: (scope: TenantScope) => Promise<Answer>,
  ): Promise<CachedAnswer<Answer>> {
    const { kind, maxAgeMs } = request;
    const lifeMs = this.config.times[kind];
    const mostMs = Math.min(maxAgeMs ?? lifeMs, lifeMs);
    if (mostMs <= 0) {
      outcomes.inc({ level: 'none', kind, outcome: 'bypassed' });
      return { answer: await compute(scope), isDegraded: false };
    }
    const key = keyOf(scope, request);
    const found = await this.find(key, scope, request, mostMs);
    if (found) return { answer: found.answer as Answer, isDegraded: false };
    try {
      const entry = await this.fly(key, scope, request, mostMs, compute);
      return { answer: entry.answer as Answer, isDegraded: false };
    } catch (error) {
      // Whoever says how old an answer may be would rather have none.
      const old = maxAgeMs === null && isOutage(error) ? await this.anyOf(key, lifeMs * graceTimes) : null;
      if (!old) throw error;
      outcomes.inc({ level: 'none', kind, outcome: 'degraded' });
      return { answer: old.answer as Answer, isDegraded: true };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shared?.[Symbol.asyncDispose]();
  }

  /** What may be given again: of this process, else of another one. */
  private async find(key: string, scope: TenantScope, request: CacheRequest, mostMs: number): Promise<Entry | null> {
    const { kind } = request;
    const own = this.local?.get(key) ?? null;
    if (own && ageOf(own) <= mostMs && (await this.isCurrent(own, scope, request))) {
      outcomes.inc({ level: 'local', kind, outcome: 'hit' });
      return own;
    }
    const others = await this.readShared(key);
    // The same one again is no better.
    const isOther = others !== null && others.position !== own?.position;
    if (others && ageOf(others) <= mostMs && (isOther || !own) && (await this.isCurrent(others, scope, request))) {
      this.local?.set(key, others);
      outcomes.inc({ level: 'shared', kind, outcome: 'hit' });
      return others;
    }
    return null;
  }

  private async isCurrent(entry: Entry, scope: TenantScope, { range, changes }: CacheRequest): Promise<boolean> {
    const reachesNow = range.to > Date.now() - presentMs;
    if (reachesNow && ageOf(entry) < presentTakesMs) return true;
    return !(await changes.touches(scope, entry.position, range).catch(() => true));
  }

  /** Computes it, or waits for who does already, unless that one has begun too long ago. */
  private async fly(
    key: string,
    scope: TenantScope,
    request: CacheRequest,
    mostMs: number,
    compute: (scope: TenantScope) => Promise<unknown>,
  ): Promise<Entry> {
    const { kind } = request;
    const known = this.flights.get(key);
    if (known && performance.now() - known.begunAt <= mostMs) {
      outcomes.inc({ level: 'local', kind, outcome: 'joined' });
      return known.entry;
    }
    outcomes.inc({ level: 'none', kind, outcome: 'computed' });
    const flight: Flight = { begunAt: performance.now(), entry: this.compute(key, scope, request, compute) };
    this.flights.set(key, flight);
    const land = () => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    };
    flight.entry.then(land, land);
    return flight.entry;
  }

  private async compute(
    key: string,
    { workspaceId, operation }: TenantScope,
    { kind, changes }: CacheRequest,
    compute: (scope: TenantScope) => Promise<unknown>,
  ): Promise<Entry> {
    // Others may wait for it who have more time than whoever came first: a statement's own limit bounds it.
    const scope: TenantScope = operation ? { workspaceId, operation } : { workspaceId };
    const bornAt = performance.now();
    const position = await changes.position(scope);
    const answer = await compute(scope);
    const text = answerText({ answer, position });
    const entry: Entry = { answer, bornAt, position, bytes: Buffer.byteLength(text) + key.length };
    if (entry.bytes <= maxEntryBytes) {
      this.local?.set(key, entry);
      this.shared?.put(key, { text, bornAt }, this.config.times[kind] * graceTimes);
    }
    return entry;
  }

  private async readShared(key: string): Promise<Entry | null> {
    const found = (await this.shared?.get(key)) ?? null;
    if (!found) return null;
    const { answer, position } = answerOf(found.text) as Pick<Entry, 'answer' | 'position'>;
    const bytes = Buffer.byteLength(found.text) + key.length;
    return { answer, position, bornAt: found.bornAt, bytes };
  }

  private async anyOf(key: string, mostMs: number): Promise<Entry | null> {
    const own = this.local?.get(key);
    const entry = own && ageOf(own) <= mostMs ? own : await this.readShared(key);
    return entry && ageOf(entry) <= mostMs ? entry : null;
  }
}

/** `{domain}:{workspace_id}:{scope}:{identifier}`. Another build may give answers of another form, so it has keys of its own. */
function keyOf({ workspaceId }: TenantScope, { domain, scope, asked }: CacheRequest): string {
  const text = canonicalJson([buildVersion, asked]);
  const identifier = createHash('sha256').update(text).digest('base64url');
  return sharedKey({ domain, workspaceId, scope, identifier });
}

function ageOf({ bornAt }: Entry): number {
  return performance.now() - bornAt;
}

/** What passes by itself, as a question that is wrong does not. */
function isOutage(error: unknown): boolean {
  return !isCodedError(error) || errorRegister[error.code].httpStatus >= 500;
}
