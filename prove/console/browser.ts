import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { browserPlaces, findBrowser } from '@tributary/kit';
import { de } from '../../console/src/words/de.ts';

/** The system's Chromium. Throws where there is none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(`There is no Chromium: looked for ${browserPlaces.join(', ')}.`);
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A browser of one person, and what went wrong in it. */
export class Person implements AsyncDisposable {
  readonly faults: string[] = [];
  readonly origin: string;
  readonly context: BrowserContext;
  readonly page: Page;

  private constructor(origin: string, context: BrowserContext, page: Page) {
    this.origin = origin;
    this.context = context;
    this.page = page;
  }

  static async open(
    browser: Browser,
    origin: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
    const person = new Person(origin, context, await context.newPage());
    context.on('page', (page) => person.watch(page));
    person.watch(person.page);
    return person;
  }

  /** Requests to other hosts, errors of scripts and breaches of the content policy are faults. */
  watch(page: Page): void {
    page.setDefaultTimeout(60_000);
    page.on('request', (request) => {
      if (!request.url().startsWith(this.origin) && !/^(data|blob):/.test(request.url()))
        this.faults.push(`asked another host: ${request.url()}`);
    });
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message.slice(0, 300)}`));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy'))
        this.faults.push(`policy: ${message.text().slice(0, 300)}`);
    });
  }

  /** As one of the demo people, such as `owner of acme`. */
  async signIn(label: string, path = ''): Promise<void> {
    await this.page.goto(`${this.origin}/console${path}`);
    await this.page.getByRole('button', { name: label, exact: true }).click();
    await this.settled();
  }

  /** Opens a page of the console and waits until it shows what it has. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.origin}/console${path}`);
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.locator('#content h1').first().waitFor();
    await this.page.waitForFunction(
      (names) =>
        document.querySelector('#content [data-loading]') === null &&
        names.every((name) => document.querySelector(`[aria-label="${name}"]`) === null),
      ['Loading', de.Loading],
    );
    await this.page.waitForTimeout(400);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
}
