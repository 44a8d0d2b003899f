import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findBrowser } from '@tributary/kit';
import { startSystem } from './harness.js';
import type { System } from './harness.js';

const browserPath = findBrowser();

(browserPath ? describe : describe.skip)('a session in a browser', () => {
  let system: System;
  let browser: Browser;
  beforeAll(async () => {
    [system, browser] = await Promise.all([
      startSystem('embedded'),
      chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await system?.close();
  });

  /** A new person's browser: nothing is stored in it. */
  async function withBrowser(use: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
    const context = await browser.newContext();
    try {
      await use(await context.newPage(), context);
    } finally {
      await context.close();
    }
  }

  const signedInAs = (page: Page) => page.textContent('.signed-in .person');

  async function signIn(page: Page, label: string): Promise<void> {
    await page.goto(system.url, { waitUntil: 'commit' });
    await page.selectOption('select[aria-label="Sign in as a demo person"]', { label });
    await page.waitForSelector('.signed-in');
  }

  async function invitation(email: string): Promise<string> {
    const printed = await system.admin('invite', '--slug', 'acme', '--email', email, '--role', 'VIEWER');
    return /http\S+/.exec(printed)![0];
  }

  async function accept(page: Page, link: string): Promise<void> {
    await page.goto(link);
    await page.fill('input[name=password]', 'a password for the browser');
    await page.click('button');
    await page.waitForSelector('nav:not([hidden])');
  }

  test('in GraphiQL lasts over a reload and reaches a new tab, and ends in both when the person signs out', async () => {
    await withBrowser(async (page, context) => {
      await signIn(page, 'owner of acme');
      await page.reload({ waitUntil: 'commit' });
      expect(await signedInAs(page)).toBe('owner@acme.example');
      const tab = await context.newPage();
      await tab.goto(system.url, { waitUntil: 'commit' });
      expect(await signedInAs(tab)).toBe('owner@acme.example');
      await page.click('text=Sign out');
      await page.waitForSelector('.sign-in');
      for (const one of [page, tab]) {
        await one.reload({ waitUntil: 'commit' });
        await one.waitForSelector('.sign-in');
      }
    });
  }, 60_000);

  test('begins on the page of an invitation, which still says so after a reload, and goes on in GraphiQL', async () => {
    await withBrowser(async (page) => {
      await accept(page, await invitation('browsing@acme.example'));
      expect(new URL(page.url()).hash).toBe('');
      await page.reload();
      await page.waitForSelector('nav:not([hidden])');
      expect(await page.textContent('[role=status]')).toContain('You are signed in');
      expect(await page.isVisible('form')).toBe(false);
      expect(await page.getAttribute('text=Go on', 'href')).toContain('/console');
      await page.goto(system.url, { waitUntil: 'commit' });
      expect(await signedInAs(page)).toBe('browsing@acme.example');
      await page.reload({ waitUntil: 'commit' });
      expect(await signedInAs(page)).toBe('browsing@acme.example');
    });
  }, 60_000);

  test('is that of the person who was invited, in a tab that was somebody else’s before', async () => {
    await withBrowser(async (page) => {
      await signIn(page, 'owner of globex');
      await accept(page, await invitation('second@acme.example'));
      await page.goto(system.url, { waitUntil: 'commit' });
      expect(await signedInAs(page)).toBe('second@acme.example');
    });
  }, 60_000);
});
