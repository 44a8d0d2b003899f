import { setTimeout as delay } from 'node:timers/promises';
import type { HaproxyRuntime, ServerState } from './HaproxyRuntime.js';
import { judgeCanary, milliseconds, percent, type Compared, type Gates } from './judgeCanary.js';
import { addFigures, figuresBetween, p95Of, readOperationFigures, type OperationFigures } from './OperationFigures.js';
import { weightsFor } from './weightsFor.js';

/** A gateway: its name as HAProxy's server, and where it shows `/metrics`. */
export interface Target {
  readonly name: string;
  readonly url: string;
}

export interface CanaryOptions {
  readonly haproxy: HaproxyRuntime;
  readonly backend: string;
  /** Of the version that is served. */
  readonly stable: readonly Target[];
  /** Of the new version. */
  readonly canary: readonly Target[];
  /** The part of the requests that the canaries get while they are watched: 0 to 1. */
  readonly share: number;
  readonly seconds: number;
  readonly lookEverySeconds: number;
  readonly gates: Gates;
  readonly say: (line: string) => void;
  /** Aborted: everything is put back as it was. */
  readonly signal: AbortSignal;
}

interface Look {
  readonly servers: ReadonlyMap<string, ServerState>;
  readonly stable: OperationFigures;
  readonly canary: OperationFigures;
}

const answerMs = 5_000;

/**
 * Gives gateways of a new version a part of the requests, and all of them when nothing is wrong at the end. When something is, or when this
 * itself fails, the canaries get none any more, and the others what they had. Answers null when they are promoted, or why they are not.
 */
export async function runCanary(options: CanaryOptions): Promise<string | null> {
  const { haproxy, backend, stable, canary, say } = options;
  const before = await haproxy.servers(backend);
  const unknown = [...stable, ...canary].find(({ name }) => !before.has(name));
  if (unknown) throw new Error(`Backend ${backend} of HAProxy has no server "${unknown.name}".`);
  const refusal = await watch(options).catch((error: unknown) => String((error as Error).message ?? error));
  if (refusal === null) {
    for (const { name } of canary) await haproxy.setWeight(backend, name, fullWeight);
    for (const { name } of stable) await haproxy.setWeight(backend, name, 0);
    say('Promoted: all requests go to the new version. Replace the others by it, and give them weight again.');
    return null;
  }
  for (const { name } of canary) await haproxy.setWeight(backend, name, 0);
  for (const { name } of stable) await haproxy.setWeight(backend, name, before.get(name)!.weight || fullWeight);
  say(`Rolled back: ${refusal} Its sockets come back elsewhere when it is stopped.`);
  return refusal;
}

const fullWeight = 100;

async function watch(options: CanaryOptions): Promise<string | null> {
  const { haproxy, backend, stable, canary, share, seconds, lookEverySeconds, gates, say, signal } = options;
  const start = await look(options);
  const weights = weightsFor(share, stable.length, canary.length);
  for (const { name } of stable) await haproxy.setWeight(backend, name, weights.stable);
  for (const { name } of canary) await haproxy.setWeight(backend, name, weights.canary);
  say(`${percent(share)} of the requests go to ${canary.map(({ name }) => name).join(', ')} for ${seconds} s.`);
  const started = performance.now();
  for (;;) {
    const left = seconds - (performance.now() - started) / 1_000;
    await delay(Math.min(lookEverySeconds, Math.max(left, 0)) * 1_000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return 'This command was stopped.';
    const now = await look(options);
    const missing = canary.find(({ name }) => !now.servers.get(name)!.up);
    if (missing) return `${missing.name} is not ready any more.`;
    const compared = between(start, now, canary);
    const passed = (performance.now() - started) / 1_000;
    say(
      `${Math.round(passed)} s: ${compared.canary.operations} operations, ${compared.canary.failed} failed, p95 ${milliseconds(p95Of(compared.canary))} (others ${milliseconds(p95Of(compared.stable))})`,
    );
    const refusal = judgeCanary(compared, gates, passed >= seconds);
    if (refusal !== null || passed >= seconds) return refusal;
  }
}

async function look({ haproxy, backend, stable, canary }: CanaryOptions): Promise<Look> {
  const servers = await haproxy.servers(backend);
  return { servers, stable: await figuresOf(stable), canary: await figuresOf(canary) };
}

async function figuresOf(targets: readonly Target[]): Promise<OperationFigures> {
  return addFigures(
    await Promise.all(
      targets.map(async ({ name, url }) => {
        const response = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(answerMs) }).catch(
          (cause: unknown) => {
            throw new Error(`${name} does not show its figures at ${url}.`, { cause });
          },
        );
        return readOperationFigures(await response.text());
      }),
    ),
  );
}

function between(start: Look, now: Look, canary: readonly Target[]): Compared {
  const counted = (of: 'requests' | 'failed') =>
    canary.reduce((sum, { name }) => sum + now.servers.get(name)![of] - start.servers.get(name)![of], 0);
  return {
    stable: figuresBetween(start.stable, now.stable),
    canary: figuresBetween(start.canary, now.canary),
    balancer: { requests: counted('requests'), failed: counted('failed') },
  };
}
