import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, quantile } from '@tributary/kit/measure';
import type { TableRow } from '@tributary/kit/measure';
import type { Rival } from './Rival.ts';
import { requestsOf } from './spans.ts';

export interface BesideOptions {
  readonly traces: number;
  readonly days: number;
  /** When no more is sent. */
  readonly minutes: number;
  /** Of each question. */
  readonly runs: number;
}

const senders = 2;
const pauseMs = 100;
const settleMs = 120_000;

/** What it takes in in that time, and how long it then takes to answer. */
export async function measureRival(
  rival: Rival,
  { traces, days, minutes, runs }: BesideOptions,
): Promise<{ ingest: TableRow; questions: TableRow[] }> {
  const now = Date.now();
  const requests = requestsOf(traces, days, now);
  const until = performance.now() + minutes * 60_000;
  const [started, cpu, own] = [performance.now(), cpuSeconds(), process.cpuUsage()];
  let again = 0;
  let sent = 0;
  await Promise.all(
    Array.from({ length: senders }, async () => {
      for (const body of requests) {
        while (!(await rival.send(body))) {
          again += 1;
          if (performance.now() > until) return;
          await delay(pauseMs);
        }
        sent += 1;
        if (performance.now() > until) return;
      }
    }),
  );
  const stored = await settled(rival);
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const spent = cpuSeconds() - cpu;
  const ingest = {
    'takes in': rival.name,
    stored,
    'of requests': sent,
    seconds: seconds.toFixed(0),
    'traces/s': Math.round(stored / seconds),
    'its cpu ms per 1,000': ((spent * 1_000) / (stored / 1_000)).toFixed(0),
    'sent again': again,
    'sender cpu s': ((user + system) / 1e6).toFixed(0),
  };
  const questions: TableRow[] = [];
  const [from, to] = [new Date(now - days * 86_400_000), new Date(now)];
  for (const [question, ask] of Object.entries(rival.questions)) {
    await ask(from, to);
    const [times, before] = [[] as number[], cpuSeconds()];
    for (let run = 0; run < runs; run += 1) {
      const begun = performance.now();
      await ask(from, to);
      times.push(performance.now() - begun);
    }
    questions.push({
      question,
      of: rival.name,
      'p50 ms': quantile(times, 0.5).toFixed(0),
      'p99 ms': quantile(times, 0.99).toFixed(0),
      'cpu ms': (((cpuSeconds() - before) * 1_000) / runs).toFixed(0),
    });
  }
  return { ingest, questions };
}

/** How many are stored once it stands still. */
async function settled(rival: Rival): Promise<number> {
  let [stored, changedAt] = [-1, performance.now()];
  const until = performance.now() + settleMs;
  while (stored < 0 || (performance.now() < until && performance.now() - changedAt < 6_000)) {
    await delay(1_000);
    // On a busy machine an answer may take too long: it is asked for again.
    const next = await rival.count().catch(() => stored);
    if (next !== stored) [stored, changedAt] = [next, performance.now()];
  }
  return stored;
}
