// `npm run prove:console`: people at the built console, in Chromium, on a product of its own: sign-in and workspaces in two tabs, a file
// from the drop to its assets, mappings, alerts between two browsers, keys, roles, a gateway that is killed, sessions that are ended, what
// axe finds, and all of it with stored operations only and without another host; then how fast large workspaces are.
//   --short: without the journeys to channels, routes and webhooks, the looks, the telephone, the killed gateway, the hundred switches, the dark
//            pages and the measures
//   --switches 100     --only 'silenced|invitation', parts of titles     --renew-looks: how pages look now is how they ought to look
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { freePort, newDataFolder, System } from '@tributary/kit';
import { Client } from '@tributary/kit/client';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { axeFaults } from './axe.ts';
import { openBrowser, Person } from './browser.ts';
import { measures } from './measures.ts';
import { dataCentre, seedConsole } from './seedConsole.ts';
import { homeStands } from './homeJourney.ts';
import { holdLooks } from './looks.ts';
import { noticeJourneys } from './noticeJourneys.ts';
import { Receiver } from '../../test/webhooks/Receiver.ts';
import { SmtpSink } from '../../test/webhooks/SmtpSink.ts';
import { de } from '../../console/src/words/de.ts';
import { buildConsole } from '../../scripts/build-console.mjs';

const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    switches: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    'renew-looks': { type: 'boolean', default: false },
  },
});
const mail = await SmtpSink.start();
const receiver = await Receiver.start();
const outward = { WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8', SMTP_URL: mail.url };
const settings = { STORED_OPERATIONS_ONLY: 'true', ...outward };
const port = String(await freePort());
const dataFolder = newDataFolder('console');

await buildConsole();
let system = await System.start({ dataFolder, settings: { PORT: port, DEMO_DATA: 'true', ...outward } });
const seeded = await seedConsole(new Client(system));
const foreign = await idsOf(new Client(system));
await inviteToAcme(system, 'operator@globex.example');
await new Promise((resolve) => setTimeout(resolve, 8_000));
// From here on the graph takes nothing but what is stored, the console's manifest.
await system[Symbol.asyncDispose]();
system = await System.start({ dataFolder, settings: { ...settings, PORT: port } });

/** Where it is said who is told of what. */
const noticePages = [
  '/routes',
  '/channels',
  '/webhooks',
  '/routes?route=new',
  '/channels?channel=new',
  '/webhooks?new=true',
];
/** What an owner can open. */
const everyPage = [
  '/?range=7d',
  '/flows',
  '/assets',
  '/map',
  '/alerts',
  '/silences',
  '/rules',
  '/explore?range=7d',
  '/settings',
  '/members',
  '/partners',
  '/audit',
  '/discover',
  '/rules?rule=new',
  `/flow?id=${seeded.waiting}&tab=mapping`,
  ...(flags.short ? noticePages.slice(0, 3) : noticePages),
];
/** Of those, what is there for a viewer of another workspace. */
const viewersPages = everyPage.slice(0, 10);
const browser = await openBrowser();
const rows: TableRow[] = [];
let failed = 0;

async function journey(title: string, walk: () => Promise<string | void>): Promise<void> {
  if (!new RegExp(flags.only).test(title)) return;
  const started = performance.now();
  let result: string;
  try {
    result = (await walk()) ?? 'ok';
  } catch (error) {
    failed += 1;
    result = `FAILED: ${error instanceof Error ? error.message.split('\n').slice(0, 4).join(' ') : String(error)}`;
  }
  rows.push({ journey: title, seconds: ((performance.now() - started) / 1000).toFixed(1), result });
  console.log(`${title}: ${result}`);
}

function check(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Error(complaint);
}

/** Gives a person of another workspace a place in acme, as its owner would. */
async function inviteToAcme({ origin }: System, email: string): Promise<void> {
  const { inviteMember } = await new Client({ origin }).ask(
    'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { token } }',
    { input: { email, role: 'VIEWER' } },
  );
  const response = await fetch(`${origin}/auth/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: inviteMember.token, password: 'tributary-demo' }),
  });
  if (!response.ok) throw new Error(`The invitation was not accepted: ${await response.text()}`);
}

/** Ids of what is in acme. */
async function idsOf(client: Client): Promise<string[]> {
  const { assets, flows, alerts, traces } = await client.ask(`{
    assets(first: 100) { nodes { id } } flows(first: 100) { nodes { id } } alerts(first: 100) { nodes { id } }
    traces(range: { last: MONTH }, first: 100) { nodes { id } }
  }`);
  return [assets, flows, alerts, traces].flatMap(({ nodes }: { nodes: { id: string }[] }) => nodes.map(({ id }) => id));
}

/** Opens a browser for one walk, and holds it to asking nobody else and breaking nothing. */
async function as(label: string, walk: (person: Person) => Promise<string | void>): Promise<string | void> {
  await using person = await Person.open(browser, system.origin);
  await person.signIn(label);
  const result = await walk(person);
  check(person.faults.length === 0, person.faults.join('; '));
  return result;
}

// First: what the journeys do is in the pages afterwards.
if (!flags.short)
  await journey('looks: every page as it was when somebody last said that it is good', () =>
    holdLooks({
      browser,
      origin: system.origin,
      pages: everyPage,
      renew: flags['renew-looks'],
    }),
  );

await journey('Home draws each of its figures, and asks no more than it may', () =>
  as('owner of acme', (person) => homeStands(person)),
);

await journey('a file from the drop to its assets, and their drawing', () =>
  as('operator of acme', async ({ page }) => {
    const started = performance.now();
    await page.getByRole('button', { name: 'New discovery' }).click();
    await page
      .getByLabel('File of the source')
      .setInputFiles({ name: 'racks.csv', mimeType: 'text/csv', buffer: Buffer.from(dataCentre()) });
    await page.getByText('divided by semicolons').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Succeeded').first().waitFor();
    await page.getByRole('tab', { name: 'Assets' }).click();
    await page.getByText('dc-hh-01').first().click();
    await page.getByRole('tab', { name: 'Neighbourhood' }).waitFor();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    await page.getByRole('button', { name: 'New discovery' }).click();
    const brought = page.getByRole('table', { name: 'uploads' }).getByRole('row').filter({ hasText: 'racks.csv' });
    await brought
      .filter({ hasText: 'Succeeded' })
      .filter({ hasText: 'Oscar Operator' })
      .getByText('60', { exact: true })
      .waitFor();
    return `4 clicks, ${seconds} s`;
  }),
);

await journey('a mapping is looked at, changed and approved, and the flow goes on live', () =>
  as('operator of acme', async ({ page }) => {
    await page.goto(`${system.origin}/console/flow?id=${seeded.waiting}&tab=mapping`);
    await page.getByLabel('What Standort becomes').selectOption('department');
    await page.getByRole('button', { name: 'Approve with 1 changed' }).click();
    await page.locator('#content h1').getByText('Succeeded').waitFor();
    await page.getByRole('tab', { name: 'Rejected rows' }).click();
    await page.getByRole('table', { name: 'rejected rows' }).waitFor();
  }),
);

await journey('an alert that one browser takes up is taken up in the other within a second', async () => {
  await using one = await Person.open(browser, system.origin);
  await using other = await Person.open(browser, system.origin);
  await one.signIn('operator of acme', '/alerts');
  await other.signIn('owner of acme', '/alerts');
  for (const { page } of [one, other]) await page.getByText('Flow “Old monitoring list” failed').waitFor();
  const row = (person: Person) => person.page.getByRole('row').filter({ hasText: 'Old monitoring list' });
  await row(one).focus();
  await one.page.keyboard.press('a');
  await one.page.getByLabel('Comment').fill('I am at it');
  await one.page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
  await one.page.getByText('1 acknowledged').waitFor();
  const started = performance.now();
  await row(other).getByText('Acknowledged').waitFor();
  const ms = performance.now() - started;
  check(ms < 1_000, `it took ${Math.round(ms)} ms`);
  return `${Math.round(ms)} ms`;
});

await journey('an alert is commented, handed over, taken over and given back, and its history says so', () =>
  as('owner of acme', async ({ page, origin }) => {
    await page.goto(`${origin}/console/alerts`);
    await page.getByText('Flow “Old monitoring list” failed').click();
    const panel = page.getByRole('dialog').filter({ hasText: 'History' });
    const history = panel.getByRole('list', { name: 'History, newest first' });
    await panel.getByLabel('Say something about it').fill('The list is read by nobody.');
    await panel.getByRole('button', { name: 'Comment' }).click();
    await history.getByText('The list is read by nobody.').waitFor();
    await panel.getByLabel('Hand over to').selectOption({ label: 'Oscar Operator' });
    await history.getByText('Works on it: Oscar Operator').first().waitFor();
    await panel.getByRole('button', { name: 'Take over' }).click();
    const taking = page.getByRole('dialog').filter({ hasText: 'For how long' });
    await taking.getByLabel('For how long').selectOption({ label: 'for an hour' });
    await taking.getByRole('button', { name: 'Take over' }).click();
    await history.getByText(/Works on it: Olivia Owner, until/).waitFor();
    await panel.getByRole('button', { name: 'Give back' }).click();
    await history.getByText('Given back').waitFor();
    await panel.getByRole('button', { name: 'Acknowledge' }).waitFor();
  }),
);

await journey('many alerts are resolved at once, and what cannot be is said', () =>
  as('operator of acme', async ({ page, origin }) => {
    await page.goto(`${origin}/console/alerts`);
    const rows = page.getByRole('row').filter({ has: page.getByRole('checkbox') });
    await rows.nth(1).waitFor();
    await rows.nth(0).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Resolve 2' }).click();
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.getByText('2 resolved.').waitFor();
  }),
);

await journey('alerts are silenced for an hour, and the silence is ended', () =>
  as('operator of acme', async (person) => {
    const { page } = person;
    await person.open('/silences?new=true');
    await page.getByLabel('What it is for').fill('The data centre moves');
    await page.getByLabel('Severity').selectOption('CRITICAL');
    await page.getByRole('dialog').getByRole('button', { name: 'Silence' }).click();
    const silence = page.getByRole('listitem').filter({ hasText: 'The data centre moves' });
    await silence.getByText('Quiet now').waitFor();
    await silence.getByRole('button', { name: 'End it' }).click();
    await silence.getByText('Ended').waitFor();
  }),
);

if (!flags.short) await noticeJourneys({ browser, origin: () => system.origin, mail, receiver }, journey);

await journey('a rule is made beside what it would have done', () =>
  as('operator of acme', async ({ page }) => {
    await page.goto(`${system.origin}/console/rules?rule=new`);
    await page.getByText(/It would have fired \d+ times in 7 days/).waitFor();
    await page.getByLabel('Name').fill('Made by a journey');
    await page.getByRole('button', { name: 'Another condition' }).click();
    await page.getByRole('group', { name: 'Condition 2' }).getByLabel('Figure').selectOption({ label: 'Runs' });
    await page.getByRole('group', { name: 'Condition 2' }).getByLabel('Threshold').fill('0');
    await page.getByText(/It would have fired \d+ times in 7 days/).waitFor();
    await page.getByRole('button', { name: 'Make the rule' }).click();
    await page.getByRole('button', { name: /Made by a journey/ }).click();
    await page.getByRole('region', { name: 'Where it stands' }).waitFor();
    await page.getByRole('img', { name: /The figure of the rule/ }).waitFor();
    await page.getByLabel('Threshold').first().fill('90');
    await page.getByText(/Beside the rule as it is: 0 more, \d+ fewer/).waitFor();
  }),
);

await journey('a key’s secret is shown once; it is rolled, and revoked', () =>
  as('admin of acme', async ({ page }) => {
    await page.goto(`${system.origin}/console/partners`);
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Who uses it').fill('A partner');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const first = await page.locator('[data-secret]').innerText();
    await page.getByRole('button', { name: 'I have it' }).click();
    check(!(await page.content()).includes(first), 'the secret stands in the page after it was closed');
    await page.getByText('A partner').first().click();
    await page.getByRole('button', { name: 'Roll' }).click();
    const second = await page.locator('[data-secret]').innerText();
    check(first !== second, 'rolling gave the same secret');
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByText('A partner').first().click();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText('Revoked').first().waitFor();
  }),
);

await journey('a person says what they are called, and stands so in the list of members', () =>
  as('operator of globex', async (person) => {
    const { page } = person;
    await person.open('/settings?ws=globex');
    await page.getByLabel('Your name').fill('Oscar of the night shift');
    await page.getByLabel('Your name').press('Enter');
    await page.getByText('It is saved.').waitFor();
    await page.getByRole('button', { name: /Oscar of the night shift/ }).waitFor();
    await person.open('/members?ws=globex');
    await page.locator('#content').getByText('Oscar of the night shift').waitFor();
  }),
);

await journey('a viewer is offered nothing that is refused to them', () =>
  as('viewer of acme', async ({ page, origin }) => {
    for (const path of [
      '',
      '/flows',
      '/assets',
      '/alerts',
      '/silences',
      '/routes',
      '/rules',
      `/flow?id=${seeded.failed}`,
    ]) {
      await page.goto(`${origin}/console${path}`);
      await page.locator('#content h1').waitFor();
      for (const name of [
        'New discovery',
        'New rule',
        'New silence',
        'New route',
        'New key',
        'Try again',
        'Edit',
        'Retire',
        'Invite',
      ])
        check((await page.getByRole('button', { name, exact: true }).count()) === 0, `${path} offers “${name}”`);
    }
    for (const name of ['Partners', 'Audit', 'Channels', 'Webhooks'])
      check((await page.getByRole('link', { name, exact: true }).count()) === 0, `the navigation offers ${name}`);
  }),
);

await journey('a shared link opens the same filters', () =>
  as('owner of acme', async ({ page, context, origin }) => {
    await page.goto(`${origin}/console/assets`);
    await page.getByLabel('Search assets').fill('hamburg');
    await page.getByRole('checkbox', { name: /^Network device/ }).check();
    await page.waitForURL(/kind=NETWORK_DEVICE/);
    await page.waitForURL(/q=hamburg/);
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByRole('button', { name: 'Clear filters' }).waitFor();
    check(await other.getByRole('checkbox', { name: /^Network device/ }).isChecked(), 'the filter is not set');
    check((await other.getByLabel('Search assets').inputValue()) === 'hamburg', 'the search is not set');
  }),
);

await journey('with the keyboard alone: sign in, find an asset, read it, sign out', async () => {
  await using person = await Person.open(browser, system.origin);
  const { page } = person;
  await page.goto(`${system.origin}/console`);
  await page.getByLabel('E-mail').waitFor();
  await page.keyboard.type('owner@acme.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type('tributary-demo');
  await page.keyboard.press('Enter');
  await person.settled();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type('acme-hamburg-04');
  await page.getByRole('option', { name: /acme-hamburg-04/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /acme-hamburg-04/ }).waitFor();
  await page.getByRole('tab', { name: 'Neighbourhood' }).press('ArrowRight');
  await page.getByRole('tab', { name: 'What depends on it', selected: true }).waitFor();
  await page.getByRole('button', { name: /Olivia Owner/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Sign out' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('E-mail').waitFor();
});

await journey('in German no page says anything in English', () =>
  as('owner of acme', async (person) => {
    const { page } = person;
    await person.open('/settings');
    await page.getByLabel('Language').selectOption('de');
    await page.locator('#content h1').getByText(de.Settings).waitFor();
    const english = Object.entries(de).filter(([text, german]) => text !== german && /^[^{]*( [^{ ]+){2}/.test(text));
    const left = new Set<string>();
    for (const path of everyPage) {
      await person.open(path);
      const shown = await page.locator('body').innerText();
      for (const [text] of english) if (shown.includes(text)) left.add(`${path}: ${text}`);
    }
    check(left.size === 0, [...left].slice(0, 8).join(' | '));
    return `${everyPage.length} pages, ${english.length} sentences looked for`;
  }),
);

const onTelephone = async () => {
  await using person = await Person.open(browser, system.origin, { viewport: { width: 390, height: 844 } });
  await person.signIn('owner of acme');
  const wide: string[] = [];
  for (const path of everyPage) {
    await person.open(path);
    const beyond = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (beyond > 0) wide.push(`${path}: ${beyond} px`);
  }
  check(wide.length === 0, wide.join(', '));
  return `${everyPage.length} pages at 390 px`;
};
if (!flags.short) await journey('no page is wider than a telephone', onTelephone);

await journey('an invitation says to what, by whom and as what, and leads on to the console', async () => {
  await using owner = await Person.open(browser, system.origin);
  await owner.signIn('owner of acme', '/members');
  await owner.page.getByRole('button', { name: 'Invite' }).first().click();
  const dialog = owner.page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill('newcomer@acme.example');
  await dialog.getByLabel('Role').selectOption('OPERATOR');
  await owner.page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
  const link = await owner.page
    .getByRole('dialog')
    .getByText(/auth\/accept#token=/)
    .innerText();
  await using guest = await Person.open(browser, system.origin);
  const { page } = guest;
  await page.goto(link.trim());
  await page.getByRole('heading', { name: 'Join Acme Corporation' }).waitFor();
  await page.getByText('Olivia Owner invites newcomer@acme.example to Acme Corporation as an operator.').waitFor();
  await page.getByLabel(/password/i).fill('a-long-password');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByText('You are signed in, and belong to Acme Corporation.').waitFor();
  check(!page.url().includes('token'), 'the token stands in the address after it was used');
  await page.getByRole('link', { name: 'Go on to Acme Corporation' }).click();
  await guest.settled();
  await page.getByRole('button', { name: 'New discovery' }).waitFor();
  await page.goto(link.trim());
  await page.getByText(/link/i).first().waitFor();
  check((await page.getByText('You are signed in').count()) === 0, 'the link works twice');
});

await journey('signing out in one tab signs the other out', () =>
  as('owner of acme', async (person) => {
    const other = await person.context.newPage();
    await other.goto(`${person.origin}/console/flows`);
    await other.locator('#content h1').waitFor();
    await person.page.getByRole('button', { name: /Olivia Owner/ }).click();
    await person.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.getByText('You signed out in another tab.').waitFor();
  }),
);

await journey('a session that is ended elsewhere is signed out within three seconds', async () => {
  await using one = await Person.open(browser, system.origin);
  await using other = await Person.open(browser, system.origin);
  await one.signIn('admin of globex', '/flows');
  await other.signIn('admin of globex', '/settings');
  await one.page.getByText('Live', { exact: true }).waitFor();
  await other.page.getByRole('button', { name: 'Sign it out' }).first().click();
  const started = performance.now();
  await one.page.getByText(/ended elsewhere/).waitFor();
  const ms = performance.now() - started;
  check(ms < 3_000, `it took ${Math.round(ms)} ms`);
  return `${Math.round(ms)} ms`;
});

await journey('two tabs stay in two workspaces, however often one switches', async () => {
  await using person = await Person.open(browser, system.origin);
  await person.signIn('operator of globex', '/flows?ws=globex');
  const other = await person.context.newPage();
  const answers: string[] = [];
  other.on('response', (response) => {
    if (response.url().endsWith('/graphql'))
      void response.text().then(
        (text) => answers.push(text),
        () => undefined,
      );
  });
  await other.goto(`${system.origin}/console/assets?ws=globex`);
  await other.getByText('globex-hamburg-04').waitFor();
  const times = flags.short ? 6 : Number(flags.switches);
  for (let turn = 0; turn < times; turn += 1) {
    const wanted = turn % 2 === 0 ? 'Acme Corporation' : 'Globex';
    await person.page.getByRole('button', { name: /Choose a workspace/ }).click();
    await person.page.getByRole('menuitemcheckbox', { name: new RegExp(wanted) }).click();
    await person.page.getByRole('button', { name: new RegExp(`^${wanted}.*Choose a workspace`) }).waitFor();
    if (turn % 10 === 0) {
      await other.reload();
      await other.getByText('globex-hamburg-04').waitFor();
    }
    check(
      !(await other.content()).includes('acme-hamburg'),
      'the other tab shows an asset of the workspace that was switched to',
    );
  }
  const shown = [...answers, await other.content()].join('\n');
  const found = foreign.filter((id) => shown.includes(id));
  check(answers.length > 0 && !shown.includes('acme-hamburg'), 'an answer to the other tab is of the other workspace');
  check(found.length === 0, `ids of the other workspace came to the tab: ${found.slice(0, 3).join(', ')}`);
  return `${times} switches, ${answers.length} answers, none of ${foreign.length} foreign ids`;
});

await journey('axe finds nothing, on any page', async () => {
  const found: string[] = [];
  let looked = 0;
  for (const colorScheme of flags.short ? (['light'] as const) : (['light', 'dark'] as const))
    for (const label of flags.short ? ['owner of acme'] : ['owner of acme', 'viewer of globex']) {
      await using person = await Person.open(browser, system.origin, { colorScheme, reducedMotion: 'reduce' });
      await person.page.goto(`${system.origin}/console`);
      await person.page.getByRole('button', { name: label }).waitFor();
      found.push(...(await axeFaults(person.page)).map((fault) => `sign-in: ${fault}`));
      await person.page.getByRole('button', { name: label, exact: true }).click();
      await person.settled();
      for (const path of label.startsWith('owner') ? everyPage : viewersPages) {
        await person.open(path);
        await person.page.waitForTimeout(500);
        looked += 1;
        found.push(...(await axeFaults(person.page)).map((fault) => `${path} ${colorScheme}: ${fault}`));
      }
    }
  check(found.length === 0, `${found.length} faults: ${[...new Set(found)].slice(0, 12).join(' | ')}`);
  return `${looked} pages`;
});

if (!flags.short)
  await journey('a gateway that is killed while a flow runs: the log shows each event once', async () => {
    await using person = await Person.open(browser, system.origin);
    const { page } = person;
    await person.signIn('owner of acme', '/discover');
    const large = [
      'name,ip,type',
      ...Array.from({ length: 120_000 }, (_, n) => `host-${n},10.${n >> 16}.${(n >> 8) & 255}.${n & 255},server`),
    ].join('\n');
    await page
      .getByLabel('File of the source')
      .setInputFiles({ name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.from(large) });
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('#content h1').getByText('Running').waitFor();
    await page.evaluate('globalThis.sameDocument = true');
    await system.killAll();
    await page.getByText(/Reconnecting/).waitFor();
    system = await System.start({ dataFolder, settings: { ...settings, PORT: port } });
    await page.locator('#content h1').getByText('Succeeded').waitFor({ timeout: 120_000 });
    check((await page.evaluate('globalThis.sameDocument')) === true, 'the page was loaded anew');
    const sequences = await page
      .locator('[data-sequence]')
      .evaluateAll((items) => items.map((item) => Number(item.getAttribute('data-sequence'))));
    const ordered = sequences.toSorted((one, other) => other - one);
    check(new Set(sequences).size === sequences.length, 'an event stands twice');
    check(
      sequences.every((sequence, at) => sequence === ordered[at]),
      'events are out of order',
    );
    check(
      ordered.every((sequence, at) => at === 0 || ordered[at - 1]! - sequence === 1),
      'an event is missing',
    );
    return `${sequences.length} events`;
  });

await system[Symbol.asyncDispose]();
if (!flags.short) await measures(browser, journey);
await browser.close();
await mail[Symbol.asyncDispose]();
await receiver[Symbol.asyncDispose]();
await rm(dataFolder, { recursive: true, force: true });
printTable(rows);
if (failed > 0) process.exitCode = 1;
