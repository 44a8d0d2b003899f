import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type { Registry } from 'prom-client';

/** The registry behind `/metrics` of this process. One for each process, so that embedded mode shows everything once. */
export const metricsRegistry = new Registry();

/** What a thread of this process has counted so far, in a form that can be posted to another one. */
export type MetricsSnapshot = readonly object[];

export function metricsSnapshot(): Promise<MetricsSnapshot> {
  return metricsRegistry.getMetricsAsJSON();
}

/** What `/metrics` answers: what this thread has counted, and what `others` of the process have, summed. */
export async function metricsText(others: readonly MetricsSnapshot[] = []): Promise<string> {
  if (others.length === 0) return metricsRegistry.metrics();
  return AggregatorRegistry.aggregate([await metricsSnapshot(), ...others]).metrics();
}

let collecting = false;

/** Adds memory, CPU and event-loop figures of this process. Safe to call twice. */
export function collectProcessMetrics(): void {
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics({ register: metricsRegistry, prefix: 'tributary_' });
}

/** A counter of the process registry; asking again for the same name gives the same counter. */
export function counter<Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Counter<Label> {
  const known = metricsRegistry.getSingleMetric(name);
  if (known) return known as Counter<Label>;
  return new Counter({ name, help, labelNames: [...labelNames], registers: [metricsRegistry] });
}

/** A gauge of the process registry. */
export function gauge<Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Gauge<Label> {
  const known = metricsRegistry.getSingleMetric(name);
  if (known) return known as Gauge<Label>;
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [metricsRegistry] });
}

const quickBuckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** For work that may take minutes. */
export const slowBuckets = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 30, 60, 300, 1_800];

/** A histogram of durations in seconds in the process registry. `buckets`: their upper bounds, in seconds. */
export function durationHistogram<Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
  buckets: readonly number[] = quickBuckets,
): Histogram<Label> {
  const known = metricsRegistry.getSingleMetric(name);
  if (known) return known as Histogram<Label>;
  return new Histogram({
    name,
    help,
    labelNames: [...labelNames],
    buckets: [...buckets],
    registers: [metricsRegistry],
  });
}
