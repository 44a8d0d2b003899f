import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import { findBrowser } from '@tributary/kit';
import { Sandbox, type RestRoute } from '../src/index.js';
import { startTestGateway } from './support/testGateway.js';

const builder = fileURLToPath(new URL('../../scripts/build-graphiql.mjs', import.meta.url));
const browserPath = findBrowser();

const session = {
  accessToken: 'good',
  expiresInSeconds: 1800,
  workspaceId: 'ws_01900000-0000-7000-8000-000000000001',
  workspaces: [{ id: 'ws_01900000-0000-7000-8000-000000000001', slug: 'acme', name: 'Acme', role: 'OWNER' }],
};

async function startWithPage() {
  const { buildGraphiql, sandboxFolder } = (await import(builder)) as {
    buildGraphiql: () => Promise<boolean>;
    sandboxFolder: string;
  };
  await buildGraphiql();
  const login: RestRoute = {
    method: 'POST',
    path: '/auth/login',
    handle: async (exchange) => exchange.sendJson(200, session),
  };
  const people = [{ label: 'owner@acme.example', email: 'owner@acme.example', password: '</script>' }];
  return startTestGateway({ sandbox: new Sandbox({ folder: sandboxFolder, people }), routes: [login] });
}

describe('the page for browsers', () => {
  test('is served to browsers only, whole, and with settings that cannot break out', async () => {
    await using it = await startWithPage();
    const page = await fetch(it.url, { headers: { accept: 'text/html,application/xhtml+xml' } });
    const html = await page.text();
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toContain('"</script>"');
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const file = await fetch(new URL(path!, it.url));
      expect([path, file.status]).toEqual([path, 200]);
      await file.body?.cancel();
    }
    const client = await fetch(it.url, { headers: { accept: 'application/json' } });
    expect(client.headers.get('content-type')).toContain('application/json');
  });

  (browserPath ? test : test.skip)(
    'signs in, runs a query, logs each event of a subscription, shows fields in order, and asks no other host',
    async () => {
      await using it = await startWithPage();
      const browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        const outside: string[] = [];
        const failures: string[] = [];
        page.on('request', (request) => {
          if (!request.url().startsWith(new URL(it.url).origin) && !/^(data|blob):/.test(request.url()))
            outside.push(request.url());
        });
        page.on('pageerror', (error) => failures.push(error.message));
        await page.goto(it.url, { waitUntil: 'commit' });
        await page.waitForSelector('.graphiql-query-editor .view-lines');
        await page.selectOption('select[aria-label="Sign in as a demo person"]', '0');
        await page.waitForSelector('.signed-in');
        const run = async (query: string, wanted: string) => {
          await page.click('.graphiql-query-editor .view-lines');
          await page.keyboard.press('Control+A');
          await page.keyboard.press('Delete');
          await page.keyboard.insertText(query);
          await page.waitForTimeout(700);
          await page.click('.graphiql-execute-button');
          await page.waitForFunction(
            (text) =>
              document.querySelector('.graphiql-response')?.textContent?.replace(/\s/g, '').includes(text) ?? false,
            wanted,
          );
        };
        await run('{ flow(id: 7) { name } }', '"name":"flow7"');
        // All of its events, the last one first, and not the last one alone.
        await run('subscription { ticks(count: 10, everyMs: 50) { sequence } }', '"events":10,"log":[{"event":10,');
        await page.click('button[aria-label="Show Documentation Explorer"]');
        await page.click('.graphiql-doc-explorer-type-name:text-is("Query")');
        const names = page.locator('.graphiql-doc-explorer-field-name');
        await names.nth(1).waitFor();
        const fields = await names.allInnerTexts();
        expect(fields).toEqual(fields.toSorted());
        expect({ outside, failures }).toEqual({ outside: [], failures: [] });
      } finally {
        await browser.close();
      }
    },
  );
});
