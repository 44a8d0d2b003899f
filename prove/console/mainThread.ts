import type { Page } from 'playwright-core';

/** What a page's main thread did, in milliseconds of CPU: what a machine that is busy elsewhere does not change. */
export interface MainThread {
  readonly total: number;
  /** The longest stretch in which it could do nothing else. */
  readonly longest: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** CPU time, in microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Does the work, and answers what it cost the page. Throws when the browser noted no task of it. */
export async function mainThreadOf(page: Page, work: () => Promise<void>): Promise<MainThread> {
  const browser = page.context().browser();
  if (!browser) throw new Error('The page has no browser of its own.');
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
  );
  const tasks = new Map<string, number[]>();
  for (const event of traceEvents) {
    if (event.ph !== 'X' || event.name !== 'ThreadControllerImpl::RunTask' || !mains.has(threadOf(event))) continue;
    const known = tasks.get(threadOf(event)) ?? [];
    if (known.length === 0) tasks.set(threadOf(event), known);
    known.push((event.tdur ?? 0) / 1_000);
  }
  // Of several pages that are open, the one that worked.
  const [busiest] = [...tasks.values()]
    .map((each) => ({ total: each.reduce((sum, ms) => sum + ms, 0), longest: Math.max(...each) }))
    .toSorted((one, other) => other.total - one.total);
  if (!busiest || busiest.total === 0) throw new Error('The browser noted nothing that the page did.');
  return busiest;
}
