import type { TimeSpan, TracesIngestedPayload } from '@tributary/contracts/events';
import type { NewTrace } from '../storage/insertTraces.js';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** What is younger counts as the present, which nobody has looked at for good. */
const presentMs = 15_000;
const maxAgents = 50;
/** More spans are told as wider ones: who repairs by them does too much then, and never too little. */
const maxSpans = 200;

/** What is told of a batch of traces that are stored and were not there before: one at least. */
export function describeBatch(batchId: string, traces: readonly NewTrace[], now: Date): TracesIngestedPayload {
  const starts = traces.map((trace) => trace.startedAt.getTime());
  const ends = traces.map((trace) => trace.startedAt.getTime() + trace.durationMs);
  const past = (time: number) => time <= now.getTime() - presentMs;
  return {
    batchId,
    accepted: traces.length,
    firstStartedAt: new Date(least(starts)).toISOString(),
    lastStartedAt: new Date(-least(starts.map((time) => -time))).toISOString(),
    hours: spansOf(starts, hourMs),
    minutesStarted: spansOf(starts.filter(past), minuteMs),
    minutesEnded: spansOf(ends.filter(past), minuteMs),
    ...costsOf(traces),
  };
}

function least(times: readonly number[]): number {
  return times.reduce((one, other) => (other < one ? other : one));
}

/** The units of time that hold any of the moments, neighbours as one span. */
function spansOf(moments: readonly number[], unitMs: number): TimeSpan[] {
  const units = [...new Set(moments.map((time) => Math.floor(time / unitMs)))].sort((one, other) => one - other);
  for (let gap = 0; ; gap = gap * 2 + 1) {
    const spans = joined(units, gap);
    if (spans.length <= maxSpans) return spans;
  }
}

function joined(units: readonly number[], gap: number): TimeSpan[] {
  const spans: [number, number][] = [];
  for (const unit of units) {
    const last = spans.at(-1);
    if (last && unit <= last[1] + gap) last[1] = unit + 1;
    else spans.push([unit, unit + 1]);
  }
  return spans;
}

function costsOf(traces: readonly NewTrace[]): Pick<TracesIngestedPayload, 'costs' | 'restNano'> {
  const byAgent = new Map<string, bigint>();
  for (const { agent, costNano } of traces) byAgent.set(agent, (byAgent.get(agent) ?? 0n) + costNano);
  const sorted = [...byAgent].sort(([, one], [, other]) => (one < other ? 1 : one > other ? -1 : 0));
  const rest = sorted.slice(maxAgents).reduce((sum, [, nano]) => sum + nano, 0n);
  return {
    costs: sorted.slice(0, maxAgents).map(([agent, nano]) => ({ agent, nano: nano.toString() })),
    restNano: rest.toString(),
  };
}
