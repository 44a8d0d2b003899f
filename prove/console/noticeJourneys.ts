import type { Browser, Locator, Page } from 'playwright-core';
import type { Receiver } from '../../test/webhooks/Receiver.ts';
import type { SmtpSink } from '../../test/webhooks/SmtpSink.ts';
import { Person } from './browser.ts';

type Journey = readonly [title: string, walk: () => Promise<string | void>];

interface Outside {
  readonly browser: Browser;
  readonly origin: () => string;
  readonly mail: SmtpSink;
  readonly receiver: Receiver;
}

/** People who have others told: channels, routes, what an alert's panel says of it, and webhooks with their attempts and dead letters. */
export async function noticeJourneys(outside: Outside, run: (...journey: Journey) => Promise<void>): Promise<void> {
  const { browser, mail, receiver } = outside;
  const asOwner = async (path: string, walk: (page: Page, person: Person) => Promise<string | void>) => {
    await using person = await Person.open(browser, outside.origin());
    await person.signIn('owner of acme', path);
    const result = await walk(person.page, person);
    if (person.faults.length > 0) throw new Error(person.faults.join('; '));
    return result;
  };

  await run('channels are tested: a mail and a request arrive, and a refusal is said', () =>
    asOwner('/channels', async (page) => {
      const make = async (name: string, kind: string, fill: () => Promise<void>) => {
        await page.getByRole('button', { name: 'New channel' }).click();
        await page.getByLabel('Name', { exact: true }).fill(name);
        await page.getByLabel('People are told by').selectOption({ label: kind });
        await fill();
        await page.getByRole('button', { name: 'Make the channel' }).click();
        return page.getByRole('listitem', { name });
      };
      const desk = await make('Desk mail', 'E-mail', () => page.getByLabel('To whom').fill('desk@acme.example'));
      await tested(desk, 'Delivered');
      if (mail.mails.length === 0) throw new Error('no mail arrived');
      const hook = await make('Desk hook', 'Webhook', () =>
        page.getByLabel('Address', { exact: true }).fill(receiver.url),
      );
      await tested(hook, 'Delivered');
      receiver.answer = () => ({ status: 403, text: 'not for you' });
      await tested(hook, 'Refused');
      await hook.getByText(/not for you/).waitFor();
      receiver.answer = () => ({ status: 200 });
    }),
  );

  await run('routes are put in order, and say where an alert would go', () =>
    asOwner('/routes', async (page) => {
      const make = async (name: string, channel: RegExp, severity: string | null) => {
        await page.getByRole('button', { name: 'New route' }).click();
        await page.getByLabel('Name', { exact: true }).fill(name);
        if (severity) {
          await page.getByRole('button', { name: 'Only with a label' }).click();
          await page.getByLabel(/^Values of label 1/).fill(severity);
        }
        await page.getByLabel('The first news wait for others').selectOption({ label: 'no time' });
        await page.getByRole('checkbox', { name: channel }).check();
        await page.getByRole('button', { name: 'Make the route' }).click();
        await page.getByRole('listitem', { name }).waitFor();
      };
      await make('What is critical', /^Desk mail/, 'CRITICAL');
      await make('All the rest', /^Desk hook/, null);
      const names = () =>
        page.locator('#content ol > li[aria-label]').evaluateAll((items) => items.map((item) => item.ariaLabel));
      await page.getByRole('button', { name: 'All the rest earlier' }).click();
      await page.waitForFunction(
        () => document.querySelector('#content ol > li[aria-label]')?.getAttribute('aria-label') === 'All the rest',
      );
      await page.getByLabel('Alert', { exact: true }).selectOption({ index: 1 });
      await page.getByRole('listitem', { name: 'All the rest' }).getByText('Takes the alert').waitFor();
      if ((await page.getByText('Takes the alert').count()) !== 1)
        throw new Error('A route behind the first takes it, too.');
      return (await names()).join(', then ');
    }),
  );

  await run('an alert’s panel says who was told of it, and by what', () =>
    asOwner('/alerts', async (page) => {
      await page
        .getByRole('row')
        .filter({ has: page.getByRole('checkbox') })
        .first()
        .click();
      const panel = page.getByRole('dialog');
      const told = panel.getByRole('list', { name: 'What was sent, newest first' });
      await told.getByText('Desk hook (Webhook)').first().waitFor({ timeout: 60_000 });
      await told.getByText('Delivered').first().waitFor();
      await panel.getByRole('link', { name: 'Where it would go now' }).click();
      await page.getByText('Takes the alert').waitFor();
    }),
  );

  await run('a webhook is made, its attempts are seen, and its secret is shown once and rolled', () =>
    asOwner('/webhooks?new=true', async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('To the desk');
      await page.getByLabel('Address', { exact: true }).fill(receiver.url);
      await page.getByLabel('What is sent').selectOption({ label: 'Flows, from phase to phase' });
      await page.getByRole('button', { name: 'What would it have sent?' }).click();
      await page
        .getByLabel(/^Request with number/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Make the webhook' }).click();
      const first = await page.locator('[data-secret]').innerText();
      await page.getByRole('button', { name: 'I have it' }).click();
      await page.locator('#content h1').getByText('Delivers').waitFor();
      if ((await page.content()).includes(first)) throw new Error('the secret stands in the page after it was closed');
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByRole('status').getByText('Delivered').waitFor();
      const place = page.url();
      await discover(page, outside.origin());
      await page.goto(place);
      await page.getByRole('table', { name: 'Attempts' }).getByRole('row').nth(4).waitFor();
      await page.getByRole('button', { name: 'Roll the secret' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Roll', exact: true }).click();
      const second = await page.locator('[data-secret]').innerText();
      if (first === second) throw new Error('rolling gave the same secret');
      await page.getByRole('button', { name: 'I have it' }).click();
      await page.getByText(/^until/).waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.locator('#content h1').getByText('Stopped').waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByRole('button', { name: 'Go on where it stood' }).click();
      await page.locator('#content h1').getByText('Delivers').waitFor();
    }),
  );

  await run('what a receiver will not take is a dead letter: skipped, or sent again; a range is replayed', () =>
    asOwner('/webhooks', async (page) => {
      receiver.answer = () => ({ status: 422, headers: { 'webhook-delivery': 'abort-message' }, text: 'no such desk' });
      await discover(page, outside.origin());
      receiver.answer = () => ({ status: 200 });
      await page.goto(`${outside.origin()}/console/webhooks`);
      await page.getByText('To the desk').click();
      await page.getByRole('tab', { name: /^Dead letters/ }).click();
      const letters = page.getByRole('table', { name: 'Dead letters' });
      await letters.getByRole('row').nth(2).waitFor();
      await letters.getByRole('checkbox').first().check();
      await page.getByRole('button', { name: 'Skip 1' }).click();
      await page.getByText('1 skipped.').waitFor();
      await letters.getByRole('checkbox').first().check();
      await page.getByRole('button', { name: 'Send 1 again' }).click();
      await page.getByLabel('Those that are settled, too').check();
      await letters.getByText('Sent after all').first().waitFor();
      await letters.getByText('Skipped').first().waitFor();
      await page.getByRole('tab', { name: 'Replays' }).click();
      await page.getByLabel('From number').fill('1');
      await page.getByRole('button', { name: 'How many are that?' }).click();
      await page.getByRole('button', { name: /^Send \d+ again$/ }).click();
      await page.getByRole('list', { name: 'Replays' }).getByText('Done').first().waitFor();
    }),
  );
}

/** Presses Test until there is an outcome: a busy machine may take longer than the three seconds that the graph waits. */
async function tested(item: Locator, outcome: string): Promise<void> {
  const button = item.getByRole('button', { name: 'Test' });
  for (let press = 1; ; press += 1) {
    await button.click();
    await item.getByRole('button', { name: 'Test', disabled: true }).waitFor();
    await item.getByRole('button', { name: 'Test', disabled: false }).waitFor();
    const said = await item.getByRole('status').innerText();
    if (said.includes(outcome)) return;
    if (!said.includes('has not answered yet') || press === 6) throw new Error(`the test said “${said}”`);
  }
}

/** A small discovery from a file to its end, by hand: the graph takes stored operations only. */
async function discover(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/console/discover`);
  const buffer = Buffer.from('name,ip\ndesk-1,10.77.0.1\ndesk-2,10.77.0.2\n');
  await page.getByLabel('File of the source').setInputFiles({ name: 'desk.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('#content h1').getByText('Succeeded').waitFor({ timeout: 120_000 });
}
