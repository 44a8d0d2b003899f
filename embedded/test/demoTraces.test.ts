import { expect, test } from '@jest/globals';
import { hostsCsv } from '../src/demo/demoHosts.js';
import { systemsJson } from '../src/demo/demoSystems.js';
import { demoTraces } from '../src/demo/demoTraces.js';

const now = new Date('2026-11-04T10:17:00Z');
const hour = 3_600_000;
const traces = demoTraces(now, 10_000);
const ageOf = ({ startedAt }: { readonly startedAt: string }) => now.getTime() - Date.parse(startedAt);

test('the samples of a moment are the same whenever they are made', () => {
  expect(demoTraces(now, 10_000)).toEqual(traces);
  const size = { sites: ['Kiel'], hypervisors: 2, machines: 4, databases: 2, accessSwitches: 1, systems: 3 };
  expect([hostsCsv('acme', size), systemsJson('acme', size)]).toEqual([
    hostsCsv('acme', size),
    systemsJson('acme', size),
  ]);
});

test('there are as many traces as were asked for, none from the future, and no hour of the last 30 days is without', () => {
  expect(traces).toHaveLength(10_000);
  expect(new Set(traces.map(({ externalId }) => externalId)).size).toBe(10_000);
  expect(Math.min(...traces.map(ageOf))).toBeGreaterThan(0);
  const hours = new Set(traces.map((trace) => Math.floor(ageOf(trace) / hour)));
  expect([Math.max(...hours), hours.size]).toEqual([719, 720]);
});

test('five agents call four models for three departments in two environments', () => {
  const different = (name: 'agent' | 'model' | 'department' | 'environment') =>
    new Set(traces.map((trace) => trace[name])).size;
  expect([different('agent'), different('model'), different('department'), different('environment')]).toEqual([
    5, 4, 3, 2,
  ]);
});

test('whatever weekday it is, one day of the last week was bad for one agent, and one fails often by itself', () => {
  const failShare = (of: typeof traces) => of.filter(({ status }) => status !== 'OK').length / of.length;
  for (let day = 0; day < 7; day += 1) {
    const at = new Date(now.getTime() + day * 24 * hour);
    const lastWeek = demoTraces(at, 10_000).filter(
      ({ startedAt }) => at.getTime() - Date.parse(startedAt) < 168 * hour,
    );
    const shares = [...Map.groupBy(lastWeek, ({ agent }) => agent)].map(([agent, of]) => ({
      agent,
      isHigh: failShare(of) > 0.06,
    }));
    expect(
      shares
        .filter(({ isHigh }) => isHigh)
        .map(({ agent }) => agent)
        .toSorted(),
    ).toEqual(['estate-auditor', 'incident-scribe']);
  }
});

test('one model is slower than the others', () => {
  const medianMs = (model: string) => {
    const of = traces.filter((trace) => trace.model === model).map(({ durationMs }) => durationMs);
    return of.toSorted((one, other) => one - other)[Math.floor(of.length / 2)]!;
  };
  const others = ['gpt-5-mini', 'claude-sonnet-4-5', 'llama-3.3-70b'].map(medianMs);
  expect(medianMs('gemini-2.5-pro')).toBeGreaterThan(2 * Math.max(...others));
});
