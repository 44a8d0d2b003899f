import type { Page } from 'playwright-core';

/** What the browser noted of the page since it was loaded, in milliseconds. */
export interface PageFigures {
  /** Largest contentful paint. */
  readonly lcp: number;
  /** The longest stretch in which the page could do nothing else. 0: none over 50 ms. */
  readonly longestTask: number;
}

export async function pageFigures(page: Page): Promise<PageFigures> {
  return page.evaluate<PageFigures>(`new Promise((resolve) => {
    const last = (type) => new Promise((found) => {
      let value = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          value = type === 'longtask' ? Math.max(value, entry.duration) : entry.startTime;
      }).observe({ type, buffered: true });
      setTimeout(() => found(value), 500);
    });
    Promise.all([last('largest-contentful-paint'), last('longtask')]).then(([lcp, longestTask]) =>
      resolve({ lcp, longestTask }));
  })`);
}

/** Scrolls a table to its end and back, and answers frames a second and the most rows that stood in the page. */
export async function scrollTable(page: Page, seconds: number): Promise<{ frames: number; mostRows: number }> {
  return page.evaluate<{ frames: number; mostRows: number }>(`new Promise((resolve) => {
    const frame = document.querySelector('[role=table]');
    const started = performance.now();
    let frames = 0;
    let mostRows = 0;
    const step = () => {
      frames += 1;
      mostRows = Math.max(mostRows, frame.querySelectorAll('[data-index]').length);
      const share = (performance.now() - started) / ${seconds * 1_000};
      frame.scrollTop = (share < 0.5 ? share * 2 : 2 - share * 2) * (frame.scrollHeight - frame.clientHeight);
      if (share < 1) requestAnimationFrame(step);
      else resolve({ frames: Math.round(frames / ${seconds}), mostRows });
    };
    requestAnimationFrame(step);
  })`);
}

/** Notes from now on how long the page takes from a press of a key or button to the next picture, and how long it can do nothing else. */
export async function noteInteractions(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.interactions = new Map();
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries())
        if (interactionId) interactions.set(interactionId, Math.max(interactions.get(interactionId) ?? 0, duration));
    }).observe({ type: 'event', durationThreshold: 16 });
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });`);
}

/** What was noted, in milliseconds: the slowest interaction, which of fewer than 50 is INP, and the longest task. */
export async function notedInteractions(page: Page): Promise<{ slowest: number; longestTask: number }> {
  await page.waitForTimeout(300);
  return page.evaluate<{ slowest: number; longestTask: number }>(
    `({ slowest: Math.max(0, ...interactions.values()), longestTask: Math.max(0, ...longTasks) })`,
  );
}

/** Bytes that are live in the page's heap, after its garbage is collected. */
export async function liveHeap(page: Page): Promise<number> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('HeapProfiler.collectGarbage');
  const { usedSize } = await debug.send('Runtime.getHeapUsage');
  await debug.detach();
  return usedSize;
}
