import { quantile } from '@tributary/kit/measure';
import type { TableRow } from '@tributary/kit/measure';
import { spend } from './backends.ts';
import type { BenchWorld } from './BenchWorld.ts';
import { sendSpans } from './measureIngest.ts';

const tracesOfEach = 4_000;
const mostRequests = 600;

/**
 * What requests of 1, 10 and 100 spans cost, from one exporter and from 20 of one workspace at once, beside the least that they could cost if
 * those of a moment shared a transaction: all of their spans in one request.
 */
export async function measureSmallRequests(bench: BenchWorld): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const spans of [1, 10, 100])
    for (const exporters of [1, 20]) {
      const alone = await measured(bench, exporters, spans);
      const shared = exporters === 1 ? null : await measured(bench, 1, spans * exporters);
      rows.push({
        exporters,
        'spans a request': spans,
        'postgres cpu ms per 1,000 spans': alone.postgresMs.toFixed(1),
        'node cpu ms per 1,000 spans': alone.nodeMs.toFixed(1),
        'p50 ms': alone.p50.toFixed(1),
        'p99 ms': alone.p99.toFixed(1),
        'in one request': shared ? `${shared.postgresMs.toFixed(1)} + ${shared.nodeMs.toFixed(1)}` : '',
        'saved at most': shared
          ? `${Math.round(100 - (100 * (shared.postgresMs + shared.nodeMs)) / (alone.postgresMs + alone.nodeMs))} %`
          : '',
      });
    }
  return rows;
}

async function measured(bench: BenchWorld, exporters: number, spans: number) {
  const requests = Math.min(mostRequests, Math.max(20, Math.ceil(tracesOfEach / spans)));
  // Connections, plans and names of series are there from here on.
  await Promise.all(Array.from({ length: exporters * 2 }, () => sendSpans(bench, spans)));
  const times: number[] = [];
  let left = requests;
  const exporter = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      await sendSpans(bench, spans);
      times.push(performance.now() - started);
    }
  };
  const { postgresMs, nodeMs } = await spend(bench.admin, () =>
    Promise.all(Array.from({ length: exporters }, exporter)),
  );
  const thousands = (times.length * spans) / 1_000;
  return {
    postgresMs: postgresMs / thousands,
    nodeMs: nodeMs / thousands,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}
