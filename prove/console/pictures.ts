// `npm run console:pictures`: the console's pages with the samples of a first start, as docs/console/ shows them, taken from the running product.
//   --to docs/console
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventually, System } from '@tributary/kit';
import { Client } from '@tributary/kit/client';
import { openBrowser, Person } from './browser.ts';
import { de } from '../../console/src/words/de.ts';
import { buildConsole } from '../../scripts/build-console.mjs';
import { seedNotices } from './seedNotices.ts';
import { Receiver } from '../../test/webhooks/Receiver.ts';
import { SmtpSink } from '../../test/webhooks/SmtpSink.ts';

const { values: flags } = parseArgs({ options: { to: { type: 'string', default: 'docs/console' } } });
mkdirSync(flags.to, { recursive: true });

await buildConsole();
await using mail = await SmtpSink.start();
await using receiver = await Receiver.start();
await using system = await System.start({
  settings: { DEMO_DATA: 'true', WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8', SMTP_URL: mail.url },
});
const client = new Client(system);
await client.ask('mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }', {
  input: { name: 'Reporting of ACME', scopes: ['flow.read', 'metrics.read', 'asset.read'] },
});
const assets = await eventually(
  async () => {
    const found = await client.ask('{ assets(first: 5, filter: { search: "Billing Interface" }) { nodes { id } } }');
    if (found.assets.nodes.length === 0) throw new Error('The samples have no assets yet.');
    return found.assets;
  },
  { timeoutMs: 120_000 },
);
const { flows } = await client.ask('{ flows(first: 20) { nodes { id status } } }');
const flowOf = (wanted: string) => flows.nodes.find(({ status }: { status: string }) => status === wanted).id as string;
const waiting = flowOf('AWAITING_APPROVAL');
const hosts = flows.nodes.filter(({ status }: { status: string }) => status === 'SUCCEEDED').at(-1).id as string;

const webhookId = await seedNotices(client, receiver);

await using browser = await openBrowser();
const pages: readonly (readonly [
  string,
  string,
  { dark?: boolean; narrow?: boolean; before?: (person: Person) => Promise<void> }?,
])[] = [
  ['home', '/?range=30d'],
  ['home-dark', '/?range=30d', { dark: true }],
  ['home-narrow', '/?range=30d', { narrow: true }],
  ['flows', '/flows'],
  ['flows-timeline', '/flows', { before: (person) => person.page.getByRole('button', { name: 'Timeline' }).click() }],
  ['flow-approve', `/flow?id=${waiting}&tab=mapping`],
  ['flow', `/flow?id=${hosts}&tab=columns`],
  ['flow-narrow', `/flow?id=${hosts}`, { narrow: true }],
  ['discover', '/discover'],
  ['assets', '/assets'],
  ['asset-dark', `/asset?id=${assets.nodes[0].id}`, { dark: true }],
  ['map', '/map'],
  ['explore', '/explore?range=30d&metric=COST_USD'],
  ['alerts', '/alerts'],
  ['alert', '/alerts', { before: openAlert }],
  ['alerts-narrow', '/alerts', { narrow: true }],
  ['rule', '/rules?rule=new'],
  ['routes', '/routes', { before: tryRoutes }],
  ['channels', '/channels'],
  ['webhooks', '/webhooks'],
  ['webhook', `/webhook?id=${webhookId}`],
  ['webhook-dark', `/webhook?id=${webhookId}&tab=dead`, { dark: true }],
  ['routes-narrow', '/routes', { narrow: true }],
  ['partners', '/partners'],
  ['audit', '/audit'],
  ['settings', '/settings'],
  ['home-german', '/?range=30d', { before: speakGerman }],
  // Last: what it discovers would stand in all others.
  ['flow-live', '/flows', { before: openLarge }],
];
/** The first alert, with what happened to it. */
async function openAlert({ page }: Person): Promise<void> {
  await page.getByText('incident-scribe').first().click();
  await page.getByRole('list', { name: 'History, newest first' }).waitFor();
}

/** Where the first alert would go. */
async function tryRoutes({ page }: Person): Promise<void> {
  await page.getByLabel('Alert', { exact: true }).selectOption({ index: 1 });
  await page.getByText('Takes the alert').first().waitFor();
}

/** The same page in the other language, which the browser forgets again. */
async function speakGerman({ page }: Person): Promise<void> {
  const speak = (language: string) =>
    page.evaluate((wanted) => {
      const kept = JSON.parse(localStorage.getItem('tributary.preferences') ?? '{"state":{},"version":1}');
      kept.state.language = wanted;
      localStorage.setItem('tributary.preferences', JSON.stringify(kept));
    }, language);
  await speak('de');
  await page.reload();
  await page.getByRole('heading', { name: de.Home }).waitFor();
  await speak('en');
}

/** A flow that has work for a while. */
async function openLarge({ page, origin }: Person): Promise<void> {
  const rows = Array.from(
    { length: 60_000 },
    (_, n) =>
      `rack-${n},10.${n >> 16}.${(n >> 8) & 255}.${n & 255},server,Debian 12,production,${n % 50 === 0 ? '' : 'Operations'}`,
  );
  const content = Buffer.from(['name,ip,type,os,environment,department', ...rows].join('\n'));
  const upload = await client.upload({ name: 'racks-of-three-sites.csv', content });
  const { startDiscovery } = await client.ask(
    'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }',
    {
      input: {
        name: 'Racks of three sites',
        source: { name: 'racks-of-three-sites.csv', uploadId: upload.body.uploadId },
      },
    },
  );
  await page.goto(`${origin}/console/flow?id=${startDiscovery.flow.id}&tab=log`);
  await page.locator('#content h1').getByText('Running').waitFor();
  await page.getByText('Inventory').first().waitFor();
  await page.waitForTimeout(2_500);
}

for (const narrow of [false, true])
  for (const dark of [false, true]) {
    const taken = pages.filter(([, , how = {}]) => (how.dark ?? false) === dark && (how.narrow ?? false) === narrow);
    if (taken.length === 0) continue;
    await using person = await Person.open(browser, system.origin, {
      viewport: narrow ? { width: 390, height: 844 } : { width: 1400, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    await person.page.goto(`${system.origin}/console`);
    await person.page.getByRole('button', { name: 'owner of acme' }).waitFor();
    if (!narrow && !dark) await person.page.screenshot({ path: join(flags.to, 'sign-in.png') });
    await person.page.getByRole('button', { name: 'owner of acme', exact: true }).click();
    await person.page.locator('#content h1').waitFor();
    for (const [name, path, how = {}] of taken) {
      await person.page.goto(`${system.origin}/console${path}`);
      await person.settled();
      await how.before?.(person);
      await person.settled();
      await person.page.waitForTimeout(1_500);
      await person.page.screenshot({ path: join(flags.to, `${name}.png`) });
      if (narrow) {
        const wide = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) console.log(`${name} is ${wide} px wider than the screen`);
      }
    }
    for (const fault of person.faults) console.log(fault);
  }
console.log(`The pictures are in ${flags.to}.`);
