import type { Page } from 'playwright-core';
import type { Person } from './browser.ts';

/** What Home may ask until it stands, its frame included; what it may cost is looked at by `npm run console:check`. */
const most = { requests: 2, sockets: 1 };

/** Opens Home anew: each of its six figures is drawn, and it asks no more than it may. Throws what is not so. */
export async function homeStands(person: Person): Promise<string> {
  const { page } = person;
  const asked = { requests: 0, sockets: 0 };
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) asked.requests += 1;
  });
  page.on('websocket', () => (asked.sockets += 1));
  await person.open('/?range=7d');
  await page.getByText('Live', { exact: true }).waitFor();
  const bare = await figuresWithoutLine(page);
  if (bare.length > 0) throw new Error(`without a line: ${bare.join(', ')}`);
  if (asked.requests > most.requests || asked.sockets > most.sockets)
    throw new Error(`Home asked ${asked.requests} times over ${asked.sockets} sockets`);
  return `${asked.requests} requests, ${asked.sockets} socket`;
}

/** The figures that have no line. */
async function figuresWithoutLine(page: Page): Promise<string[]> {
  const missing: string[] = [];
  for (const title of ['Agent runs', 'Cost', 'Error rate', 'Latency p95', 'Active agents', 'Tokens']) {
    const tile = page.locator('#content div', { has: page.locator(`> p:text-is("${title}")`) });
    if ((await tile.locator('svg polyline').count()) !== 1) missing.push(title);
  }
  return missing;
}
