import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { ask, person } from '@tributary/kit/world';
import { ingest, startMetricsWorld } from './metricsWorld.js';

/** Recorded runs of agent frameworks, in the form of Langfuse. They are not part of the project. */
const folder = fileURLToPath(new URL('../../../../shared/data/agent-traces/', import.meta.url));
const whenPresent = existsSync(folder) ? test : test.skip;

interface Observation {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly model: string | null;
  readonly level: string;
  readonly usageDetails: { readonly input?: number; readonly output?: number };
  readonly costDetails: { readonly total?: number; readonly input?: number; readonly output?: number };
}

function readObservations() {
  return readdirSync(folder).flatMap((file) => {
    const { trace, observations } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as {
      trace: { id: string; environment: string; version: string | null };
      observations: Observation[];
    };
    const agent = file.replace(/-\d{4}-.*$/, '');
    return observations.map((seen) => ({
      externalId: `${trace.id}_${seen.id}`.slice(0, 64),
      startedAt: seen.startTime,
      durationMs: Date.parse(seen.endTime) - Date.parse(seen.startTime),
      status: seen.level === 'ERROR' ? 'ERROR' : 'OK',
      agent,
      operation: seen.name,
      model: seen.type === 'GENERATION' ? seen.model : null,
      environment: trace.environment,
      version: trace.version,
      inputTokens: seen.type === 'GENERATION' ? (seen.usageDetails.input ?? 0) : 0,
      outputTokens: seen.type === 'GENERATION' ? (seen.usageDetails.output ?? 0) : 0,
      costUsd: seen.type === 'GENERATION' ? (seen.costDetails.total ?? 0) : 0,
      attributes: { type: seen.type },
    }));
  });
}

whenPresent(
  'real traces of five agent frameworks give the figures that their files add up to',
  async () => {
    await using world = await startMetricsWorld();
    const operator = person(newUuid());
    const traces = readObservations();
    const sent = await ask(world, operator, ingest, { traces });
    expect(sent.data.ingestTraces).toEqual({ accepted: traces.length, duplicates: 0, rejected: [] });
    const again = await ask(world, operator, ingest, { traces });
    expect(again.data.ingestTraces).toEqual({ accepted: 0, duplicates: traces.length, rejected: [] });

    const range = { from: '2025-06-01T00:00:00Z', to: '2025-12-01T00:00:00Z' };
    const { data } = await ask(
      world,
      operator,
      `query ($from: DateTime!, $to: DateTime!) {
      kpis(range: { from: $from, to: $to }) { requests { value } costUsd { value } inputTokens { value } activeAgents { value } latencyMs { p50 p95 p99 max } }
      metricBreakdown(by: MODEL, range: { from: $from, to: $to }) { key requests costUsd share }
      metricSeries(metric: REQUESTS, range: { from: $from, to: $to }, bucket: MONTH, groupBy: AGENT) { key points { value } }
    }`,
      range,
    );
    const sum = (read: (trace: (typeof traces)[number]) => number) =>
      traces.reduce((total, trace) => total + read(trace), 0);
    const durations = traces.map((trace) => trace.durationMs).sort((left, right) => left - right);
    const quantile = (share: number) => {
      const place = share * (durations.length - 1);
      const below = durations[Math.floor(place)]!;
      return below + (place % 1) * ((durations[Math.ceil(place)] ?? below) - below);
    };
    expect(data.kpis.requests.value).toBe(traces.length);
    expect(data.kpis.activeAgents.value).toBe(5);
    expect(data.kpis.inputTokens.value).toBe(sum((trace) => trace.inputTokens));
    // A cost is stored in billionths of a dollar.
    expect(data.kpis.costUsd.value).toBeCloseTo(sum((trace) => Math.round(trace.costUsd * 1e9)) / 1e9, 12);
    expect(data.kpis.latencyMs.max).toBe(12_447);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const) {
      expect(Math.abs(data.kpis.latencyMs[name] / quantile(share) - 1)).toBeLessThan(0.01);
    }
    const shares = data.metricBreakdown.map((group: { share: number }) => group.share);
    expect(shares.reduce((total: number, share: number) => total + share, 0)).toBeCloseTo(1, 9);
    expect([...shares].sort((left, right) => right - left)).toEqual(shares);
    const counted = data.metricSeries
      .flatMap((group: { points: { value: number }[] }) => group.points)
      .map((point: { value: number }) => point.value);
    expect(counted.reduce((total: number, value: number) => total + value, 0)).toBe(traces.length);
  },
  60_000,
);
