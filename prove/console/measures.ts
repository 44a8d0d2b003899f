import { System } from '@tributary/kit';
import { Client } from '@tributary/kit/client';
import { median, quantile } from '@tributary/kit/measure';
import type { Browser } from 'playwright-core';
import { axeFaults } from './axe.ts';
import { Person } from './browser.ts';
import { mainThreadOf } from './mainThread.ts';
import { liveHeap, notedInteractions, noteInteractions, pageFigures, scrollTable } from './measurePage.ts';

/** Rows of the large table, assets of the large drawing, and events whose way is timed. */
const [rowCount, drawn, events] = [10_000, 300, 60];
/** Events a second in the rush, and for how many seconds; events while the heap is watched, at most so many a second. */
const rush = { perSecond: 100, seconds: 5 };
const watched = { events: 1_200, perSecond: 24 };
/** As many rows of a table may stand in the page, however many it has. */
const mostRows = 40;

type Measure = readonly [title: string, walk: () => Promise<string>];

/** What a person sees of a workspace without anything, and how fast a large one is. A product of its own, in which any operation runs. */
export async function measures(browser: Browser, run: (...measure: Measure) => Promise<void>): Promise<void> {
  await using system = await System.start({});
  const client = new Client(system);

  await run('axe finds nothing in a workspace without anything, in light and dark', async () => {
    const found: string[] = [];
    let looked = 0;
    for (const colorScheme of ['light', 'dark'] as const) {
      await using person = await Person.open(browser, system.origin, { colorScheme, reducedMotion: 'reduce' });
      await person.signIn('owner of acme');
      for (const path of [
        '/',
        '/flows',
        '/assets',
        '/map',
        '/alerts',
        '/silences',
        '/routes',
        '/channels',
        '/webhooks',
        '/rules',
        '/explore',
        '/partners',
        '/audit',
        '/members',
        '/settings',
        '/discover',
      ]) {
        await person.open(path);
        looked += 1;
        found.push(...(await axeFaults(person.page)).map((fault) => `${path} ${colorScheme}: ${fault}`));
      }
    }
    if (found.length > 0) throw new Error(`${found.length} faults: ${[...new Set(found)].slice(0, 8).join(' | ')}`);
    return `${looked} pages`;
  });

  await run('largest paint of Home, from a cold cache', async () => {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await using known = await Person.open(browser, system.origin);
      await known.signIn('owner of acme');
      const storageState = await known.context.storageState();
      await using cold = await Person.open(browser, system.origin, { storageState });
      await cold.open('/');
      times.push((await pageFigures(cold.page)).lcp);
    }
    return `median ${Math.round(median(times))} ms, worst ${Math.round(Math.max(...times))} ms`;
  });

  await run('from an event’s commit to the page', async () => {
    const { createFlow } = await client.ask(
      'mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }',
      { input: { kind: 'crew', name: 'Watched', phases: ['work'] } },
    );
    const flowId = createFlow.flow.id as string;
    await using person = await Person.open(browser, system.origin);
    await person.signIn('owner of acme', `/flow?id=${flowId}`);
    await person.page.getByText('Live', { exact: true }).waitFor();
    await person.page.evaluate(`
      globalThis.seenAt = {};
      new MutationObserver(() => {
        for (const [, number] of document.body.textContent.matchAll(/mark-(\\d+)-/g)) seenAt[number] ??= Date.now();
      }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
    const report =
      'mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { version } } }';
    const committed: number[] = [];
    for (let number = 0; number < events; number += 1) {
      const progress = number / events;
      await client.ask(report, {
        input: { flowId, phase: 'work', status: 'RUNNING', progress, message: `mark-${number}-` },
      });
      committed.push(Date.now());
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await person.page
      .getByText(`mark-${events - 1}-`)
      .first()
      .waitFor();
    const seenAt = await person.page.evaluate<Record<string, number>>('globalThis.seenAt');
    const waits = committed.flatMap((at, number) => (number in seenAt ? [Math.max(0, seenAt[number]! - at)] : []));
    if (waits.length < events) throw new Error(`${events - waits.length} of ${events} events never came`);
    return `p50 ${Math.round(median(waits))} ms, p95 ${Math.round(quantile(waits, 0.95))} ms behind the answer`;
  });

  /** A flow that is looked at, and events of it: `perSecond` at most, until there were `count`. */
  const watchedFlow = async (name: string) => {
    const { createFlow } = await client.ask(
      'mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }',
      { input: { kind: 'crew', name, phases: ['work'] } },
    );
    const flowId = createFlow.flow.id as string;
    const report =
      'mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { version } } }';
    const happen = async (count: number, perSecond: number) => {
      const asked = new Set<Promise<unknown>>();
      const started = performance.now();
      for (let number = 1; number <= count; number += 1) {
        const input = {
          flowId,
          phase: 'work',
          status: 'RUNNING',
          progress: number / (count + 1),
          message: `${name} ${number}`,
        };
        // On time whatever the answers take, with as many on their way as a partner's client would have.
        const late = performance.now() - started - (number * 1_000) / perSecond;
        if (late < 0) await new Promise((resolve) => setTimeout(resolve, -late));
        if (asked.size >= 32) await Promise.race(asked);
        const answer = untilTaken(() => client.ask(report, { input }));
        asked.add(answer);
        void answer.finally(() => asked.delete(answer)).catch(() => undefined);
      }
      await Promise.all(asked);
    };
    return { flowId, happen };
  };

  await run(`${rush.perSecond} events a second of one flow that is looked at`, async () => {
    const { flowId, happen } = await watchedFlow('rush');
    await using person = await Person.open(browser, system.origin);
    await person.signIn('owner of acme', `/flow?id=${flowId}`);
    await person.page.getByText('Live', { exact: true }).waitFor();
    await noteInteractions(person.page);
    const count = rush.perSecond * rush.seconds;
    let seconds = 0;
    const { total, longest } = await mainThreadOf(person.page, async () => {
      const started = performance.now();
      await happen(count, rush.perSecond);
      seconds = (performance.now() - started) / 1_000;
      await person.page.getByText(`rush ${count}`).first().waitFor();
    });
    const { longestTask } = await notedInteractions(person.page);
    return `${Math.round(count / seconds)} a second came, longest task of the page ${Math.round(longestTask)} ms, of CPU ${longest.toFixed(0)} ms; ${(total / count).toFixed(1)} ms of CPU an event`;
  });

  await run(`heap of a page that saw ${watched.events} events`, async () => {
    const { flowId, happen } = await watchedFlow('watched');
    await using person = await Person.open(browser, system.origin);
    await person.signIn('owner of acme', `/flow?id=${flowId}`);
    await person.page.getByText('Live', { exact: true }).waitFor();
    await happen(100, watched.perSecond);
    const before = await liveHeap(person.page);
    await happen(watched.events, watched.perSecond);
    await person.page.getByText(`watched ${watched.events}`).first().waitFor();
    const grown = ((await liveHeap(person.page)) - before) / 1e6;
    const inEightHours = (grown / watched.events) * 8 * 3_600;
    return `grew by ${grown.toFixed(1)} MB; at that rate ${inEightHours.toFixed(0)} MB in 8 h of an event a second, were all kept`;
  });

  const start = 'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }';
  const discover = async (name: string, lines: readonly string[]) => {
    const upload = await client.upload({ name: `${name}.csv`, content: Buffer.from(lines.join('\n')) });
    const source = { name: `${name}.csv`, uploadId: upload.body.uploadId };
    const { startDiscovery } = await client.ask(start, { input: { name, source } });
    for (;;) {
      const { flow } = await client.ask('query ($id: ID!) { flow(id: $id) { status } }', {
        id: startDiscovery.flow.id,
      });
      if (flow.status === 'SUCCEEDED') return;
      if (flow.status === 'FAILED') throw new Error(`The discovery of ${name} failed.`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };

  await run(`a drawing of ${drawn} assets`, async () => {
    await discover('tree', [
      'name,type,depends on',
      ...Array.from(
        { length: drawn },
        (_, n) => `node-${n},application,${n === 0 ? '' : `node-${Math.floor((n - 1) / 4)}`}`,
      ),
    ]);
    const { assets } = await client.ask('{ assets(first: 5, filter: { search: "node-0" }) { nodes { id name } } }');
    const root = (assets.nodes as { id: string; name: string }[]).find(({ name }) => name === 'node-0')!;
    await using person = await Person.open(browser, system.origin);
    await person.signIn('owner of acme');
    const { page } = person;
    await person.open(`/asset?id=${root.id}&depth=5`);
    await page.locator('.react-flow__node').first().waitFor({ timeout: 60_000 });
    // Cards come a few with each picture.
    const cards = page.locator('.react-flow__node');
    await cards.nth(drawn - 1).waitFor({ state: 'attached', timeout: 60_000 });
    const shown = await cards.count();
    const layout = await page.evaluate<number>(`performance.getEntriesByName('layout').at(-1)?.duration ?? -1`);
    const { longestTask } = await pageFigures(page);
    return `${shown} drawn, layout in the worker ${Math.round(layout)} ms, longest task of the page ${Math.round(longestTask)} ms`;
  });

  await run(`a table of ${rowCount.toLocaleString('en')} rows`, async () => {
    await discover('many', [
      'name,ip,type',
      ...Array.from({ length: rowCount }, (_, n) => `row-${n},10.9.${n >> 8}.${n & 255},server`),
    ]);
    await using person = await Person.open(browser, system.origin);
    await person.signIn('owner of acme', '/assets');
    const { page } = person;
    const loaded = () =>
      page.evaluate<number>(`Number(document.querySelector('[role=table]').getAttribute('aria-rowcount')) - 1`);
    const deadline = Date.now() + 180_000;
    while ((await loaded()) < rowCount && Date.now() < deadline) {
      await page.evaluate(`document.querySelector('[role=table]').scrollTop = 1e9`);
      await page.waitForTimeout(50);
    }
    const all = await loaded();
    const scrolled = { seconds: 4, frames: 0, mostRows: 0 };
    const { total, longest } = await mainThreadOf(page, async () => {
      Object.assign(scrolled, await scrollTable(page, scrolled.seconds));
    });
    const { frames, mostRows: most } = scrolled;
    const perFrame = total / (frames * scrolled.seconds);
    if (most > mostRows) throw new Error(`${most} rows stood in the page`);
    await noteInteractions(page);
    for (const key of ['ArrowDown', 'ArrowUp', 'ArrowDown']) {
      await page.locator('[role=table] [data-index]').first().focus();
      await page.keyboard.press(key);
    }
    await page.getByRole('checkbox', { name: /^Server/ }).click();
    await page.getByLabel('Search assets').pressSequentially('row-12');
    await page.getByRole('button', { name: /Olivia Owner/ }).click();
    await page.keyboard.press('Escape');
    const { slowest } = await notedInteractions(page);
    return `${all.toLocaleString('en')} rows loaded, at most ${most} in the page, ${frames} frames a second, each ${perFrame.toFixed(0)} ms of CPU and at most ${longest.toFixed(0)} ms, slowest interaction ${slowest} ms`;
  });
}

/** Asks again, twice, when the graph says to: a busy machine may take too long. */
async function untilTaken<Answer>(ask: () => Promise<Answer>, times = 2): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (times === 0 || !String(error).includes('SERVICE_UNAVAILABLE')) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return untilTaken(ask, times - 1);
  }
}
