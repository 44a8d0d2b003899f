import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Random } from '@tributary/kit';
import { buildSchema, parse, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import { Authority } from '../src/callers/Authority.js';
import type { Feed } from '../src/streams/shared/Feed.js';
import { ResumedStream } from '../src/upstream/resume/ResumedStream.js';
import { resumableDocument } from '../src/operations/resumableDocument.js';
import { readGraphFacts } from '../src/operations/GraphFacts.js';
import { shareableOperation } from '../src/operations/shareableOperation.js';
import { SharedStreams } from '../src/streams/shared/SharedStreams.js';
import { streamFieldsOf } from '../src/operations/streamFields.js';
import type { StreamPosition } from '../src/result/StreamPosition.js';
import type { Watcher } from '../src/streams/shared/Watcher.js';
import { StreamFailure, type FormattedResult } from '../src/result/operationOutcome.js';

const sdl = `
  scalar Cursor
  type Query { nothing: Int }
  type Subscription { updates(after: Cursor): Event! }
  type Event { sequence: Float! cursor: Cursor! previousCursor: Cursor type: String! }
`;
const document = parse(
  'subscription ($after: Cursor) { updates(after: $after) { sequence cursor previousCursor type } }',
);
const streams = streamFieldsOf(parse(sdl));
const resumable = resumableDocument(document, streams)!;
const operation = shareableOperation(
  document,
  document.definitions[0] as OperationDefinitionNode,
  readGraphFacts(parse(sdl), buildSchema(sdl)),
)!;
const schedules = 1_000;
const atOnce = 50;

describe('watchers of one stream, through everything that may happen to them', () => {
  test(`${schedules} random schedules of joining, leaving, stalling and lost upstreams: nothing lost, twice or out of order`, async () => {
    const faults: string[] = [];
    const sums = { events: 0, shared: 0, own: 0, followed: 0, cuts: 0, returns: 0, resets: 0 };
    for (let seed = 1; seed <= schedules; seed += atOnce) {
      await Promise.all(
        Array.from({ length: atOnce }, async (_none, index) => {
          const schedule = new Schedule(seed + index);
          for (const fault of await schedule.run()) faults.push(`seed ${seed + index}: ${fault}`);
          sums.events += schedule.delivered;
          sums.followed += schedule.followed;
          sums.cuts += schedule.log.cuts;
          sums.returns += schedule.returns;
          sums.resets += schedule.resets;
          sums.shared += schedule.log.openedForSnapshot;
          sums.own += schedule.log.openedBehind;
        }),
      );
    }
    expect(faults).toEqual([]);
    // The schedules do what they are for.
    expect(sums.events).toBeGreaterThan(50 * schedules);
    expect(sums.followed).toBeGreaterThan(10 * schedules);
    expect(Math.min(sums.cuts, sums.returns, sums.own, sums.shared)).toBeGreaterThan(schedules / 2);
    expect(sums.resets).toBeGreaterThan(schedules / 50);
  }, 120_000);
});

/** A log, its watchers, and a dice. */
class Schedule {
  readonly log: Log;
  delivered = 0;
  followed = 0;
  returns = 0;
  resets = 0;
  private readonly random: () => number;
  private readonly streams: SharedStreams;
  private readonly members: Member[] = [];
  readonly faults: string[] = [];

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = () => random.next();
    this.log = new Log(this.random, this.random() < 0.4);
    this.streams = new SharedStreams(2 + Math.floor(this.random() * 14));
  }

  async run(): Promise<string[]> {
    const prunes = this.random() < 0.2;
    for (let step = 0; step < 60; step += 1) {
      const chance = this.random();
      const member = this.members[Math.floor(this.random() * this.members.length)];
      if (chance < 0.4) this.log.append(1 + Math.floor(this.random() * 6));
      else if (chance < 0.5 && this.members.length < 6) this.join(null);
      else if (chance < 0.6) member?.leave();
      else if (chance < 0.7) this.comeBack(member);
      else if (chance < 0.8) member?.stall();
      else if (chance < 0.87) member?.goOn();
      else if (chance < 0.94) this.log.cut();
      else if (chance < 0.96) this.log.away = !this.log.away;
      else if (prunes) this.log.prune();
      if (this.random() < 0.6) await Promise.resolve();
      else if (this.random() < 0.8) await new Promise((resolve) => setImmediate(resolve));
      else await delay(this.random() * 4);
    }
    this.log.away = false;
    for (const member of this.members) {
      member.goOn();
      this.comeBack(member);
    }
    this.log.append(2);
    const until = performance.now() + 10_000;
    while (this.members.some((member) => !member.isAt(this.log.lastShown)) && performance.now() < until)
      await delay(10);
    for (const member of this.members)
      if (!member.isAt(this.log.lastShown))
        this.faults.push(`a watcher stands at ${member.sequence}, the log at ${this.log.lastShown}`);
    for (const member of this.members) member.leave();
    await delay(5);
    if (this.log.open > 0) this.faults.push(`${this.log.open} executions go on without a watcher`);
    return this.faults;
  }

  private join(after: Member | null): void {
    const member = after ?? new Member(this, this.random() < 0.5);
    if (!after) this.members.push(member);
    member.watch(this.watch(member));
  }

  private comeBack(member: Member | undefined): void {
    if (!member || member.isHere) return;
    this.returns += 1;
    this.join(member);
  }

  private watch(member: Member): Watcher {
    return this.streams.watch({
      key: 'one',
      operation,
      after: member.cursor,
      signal: new AbortController().signal,
      authority: new Authority(() => null),
      failureOf: (error) => (error instanceof StreamFailure ? error : new StreamFailure([])),
      open: (after, ending) => this.execute(after, ending),
    });
  }

  private async execute(from: string | null, ending: AbortSignal): Promise<Feed> {
    let position: StreamPosition | null = null;
    const stream = new ResumedStream({
      document: resumable,
      open: async (after) => this.log.subscribe(after ?? from),
      onPosition: (found) => (position = found),
      onLost: () => undefined,
    });
    const close = async () => void (await stream.return());
    ending.addEventListener('abort', () => void close(), { once: true });
    const refusal = await stream.begin();
    if (refusal) throw new StreamFailure([]);
    return {
      next: async () => {
        const step = await stream.next();
        return step.done ? null : { result: step.value as FormattedResult, position: position! };
      },
      close,
    };
  }
}

/** One client: reads, checks each event against what it has, and keeps its cursor while it is away. */
class Member {
  cursor: string | null = null;
  sequence = -1;
  private watcher: Watcher | null = null;
  private stalled: { promise: Promise<void>; goOn: () => void } | null = null;

  constructor(
    private readonly schedule: Schedule,
    private readonly follows: boolean,
  ) {}

  get isHere(): boolean {
    return this.watcher !== null;
  }

  isAt(sequence: number): boolean {
    return this.sequence >= sequence;
  }

  watch(watcher: Watcher): void {
    this.watcher = watcher;
    void this.read(watcher).catch((error: unknown) => this.schedule.faults.push(`a watcher failed: ${String(error)}`));
  }

  leave(): void {
    void this.watcher?.return();
    this.watcher = null;
    this.goOn();
  }

  stall(): void {
    if (this.stalled) return;
    let goOn!: () => void;
    this.stalled = { promise: new Promise((resolve) => (goOn = resolve)), goOn };
  }

  goOn(): void {
    this.stalled?.goOn();
    this.stalled = null;
  }

  private async read(watcher: Watcher): Promise<void> {
    for (;;) {
      if (this.follows)
        await watcher.follow({
          write: (result, taken) => {
            this.schedule.followed += 1;
            void this.take(watcher, result).then(taken);
          },
        });
      const step = await watcher.next();
      if (step.done || this.watcher !== watcher) return;
      await this.take(watcher, step.value);
    }
  }

  private async take(watcher: Watcher, result: FormattedResult): Promise<void> {
    // What was on its way when a client left is lost to it.
    if (this.watcher !== watcher) return;
    this.check((result.data as { updates: Event }).updates);
    if (this.stalled) await this.stalled.promise;
    // A connection takes a message in its own time.
    if (this.sequence % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  private check(event: Event): void {
    const { log, faults } = this.schedule;
    this.schedule.delivered += 1;
    if (Object.keys(event).length !== 4) faults.push(`an event has the fields ${Object.keys(event).join()}`);
    if (event.type === 'stream.reset') {
      this.schedule.resets += 1;
      if (this.sequence + 1 >= log.oldest) faults.push(`a reset at ${this.sequence}, which the log still had`);
    } else if (event.type === 'stream.snapshot') {
      if (this.cursor !== null) faults.push('a snapshot for somebody with a cursor');
    } else {
      const expected = log.shownBehind(this.sequence);
      if (event.sequence !== expected) faults.push(`${event.sequence} came behind ${this.sequence}, not ${expected}`);
      if (event.previousCursor !== this.cursor)
        faults.push(`${event.sequence} follows ${event.previousCursor}, not ${this.cursor}`);
    }
    this.cursor = event.cursor;
    this.sequence = event.sequence;
  }
}

interface Event {
  readonly type: string;
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
}

/** A numbered log and its readers upstream; a filtered one shows even numbers only. */
class Log {
  head = 0;
  oldest = 1;
  away = false;
  open = 0;
  cuts = 0;
  openedForSnapshot = 0;
  openedBehind = 0;
  private wakes = new Set<() => void>();
  private age = 0;

  constructor(
    private readonly random: () => number,
    private readonly filtered: boolean,
  ) {}

  get lastShown(): number {
    return this.filtered ? this.head - (this.head % 2) : this.head;
  }

  shownBehind(sequence: number): number {
    return this.filtered ? sequence + (sequence % 2 === 0 ? 2 : 1) : sequence + 1;
  }

  append(count: number): void {
    this.head += count;
    this.wake();
  }

  prune(): void {
    this.oldest = Math.max(this.oldest, this.head - 3);
  }

  cut(): void {
    this.cuts += 1;
    this.age += 1;
    this.wake();
  }

  subscribe(after: string | null): ExecutionResult | AsyncIterable<ExecutionResult> {
    if (this.away) return unavailable();
    if (after === null) this.openedForSnapshot += 1;
    else this.openedBehind += 1;
    const left = { now: false };
    const events = this.read(after, this.age, left);
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => events.next(),
        return: () => {
          left.now = true;
          this.wake();
          return events.return(undefined);
        },
      }),
    };
  }

  private async *read(
    after: string | null,
    age: number,
    left: { now: boolean },
  ): AsyncGenerator<ExecutionResult, undefined> {
    this.open += 1;
    try {
      const wanted = after === null ? -1 : Number(after.slice(1));
      let sequence = wanted;
      let cursor = after;
      if (wanted < 0 || wanted + 1 < this.oldest) {
        sequence = this.head;
        cursor = `c${sequence}`;
        yield shown({ type: wanted < 0 ? 'stream.snapshot' : 'stream.reset', sequence, cursor, previousCursor: null });
      }
      while (!left.now) {
        if (this.age !== age) {
          const how = this.random();
          if (how < 0.3) throw new Error('The socket was lost.');
          if (how < 0.6) yield unavailable();
          return;
        }
        if (sequence >= this.head) {
          await new Promise<void>((resolve) => this.wakes.add(resolve));
          continue;
        }
        sequence += 1;
        if (this.filtered && sequence % 2) continue;
        yield shown({ type: 'progress', sequence, cursor: `c${sequence}`, previousCursor: cursor });
        cursor = `c${sequence}`;
      }
    } finally {
      this.open -= 1;
    }
  }

  private wake(): void {
    const { wakes } = this;
    this.wakes = new Set();
    for (const wake of wakes) wake();
  }
}

function shown({ type, ...position }: Event): ExecutionResult {
  const { sequence, cursor, previousCursor } = position;
  return {
    data: { updates: { type, ...position, _sequence: sequence, _cursor: cursor, _previousCursor: previousCursor } },
  };
}

function unavailable(): ExecutionResult {
  return { errors: [{ message: 'Away.', extensions: { code: 'SERVICE_UNAVAILABLE' } }] as never };
}
