// Started by proveTargets.ts in a network of its own, in which every address leads here and names are answered here, too.
import { setTimeout as delay } from 'node:timers/promises';
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { hostileTargets, publicAddress, publicAddressV6, type Target } from './hostileTargets.ts';
import { Listeners } from './Listeners.ts';
import { NameServer } from './NameServer.ts';

interface Answer {
  readonly status: number | null;
  readonly refused: boolean;
  readonly text: string;
}

interface Product {
  readonly Outgoing: new (rules: unknown) => {
    post(request: { url: string; headers: object; body: string; keptFor: string }): Promise<Answer>;
  };
  readonly publicOnly: object;
  readonly rulesOf: (settings: object) => unknown;
}

const [seed = '1', certificate = '', key = ''] = process.argv.slice(2);
const built = (file: string) =>
  import(new URL(`../../../subgraphs/delivery/dist/domain/outgoing/${file}`, import.meta.url).href);
const { Outgoing, publicOnly, rulesOf } = {
  ...((await built('Outgoing.js')) as object),
  ...((await built('OutgoingSettings.js')) as object),
} as Product;
const patienceMs = 1_500;
const redirecting = 'redirects.receiver.example';
const redirectPort = 4443;
const rounds = 3;

const targets = hostileTargets(seed);
const ways = [publicAddress, publicAddressV6];
const names = new Map([
  ...targets.flatMap(({ url, answers }) =>
    answers ? [[new URL(url).hostname.replace(/\.$/, ''), answers] as const] : [],
  ),
  ...ways.map((address, index) => [`public${index}.receiver.example`, [[address]]] as const),
  [redirecting, [[publicAddress]]] as const,
]);
await using listeners = await Listeners.start([443, 80, 22, 25, 6379, 8080, 8443]);
using _names = await NameServer.start(names, 53);
const locations = targets.filter(({ answers }) => !answers).map(({ url }) => url);
let redirects = 0;
const redirector = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (_request, response) => {
  response.writeHead(307, { location: locations[redirects++ % locations.length] }).end();
}).listen(redirectPort, '::');

const outgoing = new Outgoing(rulesOf({ ...publicOnly, ports: [443, redirectPort] }));
const post = (url: string, keptFor: string) => outgoing.post({ url, headers: {}, body: '{}', keptFor });
const isHostile = ({ address, port }: { address: string; port: number }) => port !== 443 || !ways.includes(address);
const hostile = () => listeners.reached.filter(isHostile).length;

// A name that changes is asked for again and again, beside itself.
const refused = await Promise.all(
  targets.map(async (target, index) => {
    const answers = await Promise.all(
      Array.from({ length: rounds }, (_, round) => post(target.url, `${index}/${round}`)),
    );
    return answers.some(({ refused: was }) => was);
  }),
);
const answered: number[] = [];
for (let turn = 0; turn < locations.length; turn += 1)
  answered.push((await post(`https://${redirecting}:${redirectPort}/`, 'redirects')).status ?? 0);
await delay(500);
const connections = hostile();
const changed = targets.filter(({ kind }, index) => kind === 'name that changes' && !refused[index]).length;

// Whether listeners would have seen it: public addresses are reached, and so is everything without the guard.
for (const index of ways.keys()) await post(`https://public${index}.receiver.example/`, `public ${index}`);
await delay(200);
const reachedPublic = ways.filter((way) => listeners.reached.some(({ address }) => address === way)).length;
const before = hostile();
for (const target of targets) await unguarded(target);
redirector.close();
console.log(
  JSON.stringify({
    targets: targets.length,
    redirects: answered.filter((status) => status === 307).length,
    redirectTargets: locations.length,
    refused: refused.filter(Boolean).length,
    changed,
    connections,
    reachedPublic,
    unguarded: hostile() - before,
    kinds: Object.fromEntries(
      [...Map.groupBy(targets, ({ kind }) => kind)].map(([kind, those]) => [kind, those.length]),
    ),
  }),
);
process.exit(0);

async function unguarded({ url }: Target): Promise<void> {
  await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
}
