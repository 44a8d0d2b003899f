import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AddressPolicy } from '../src/domain/outgoing/AddressPolicy.js';
import { Outgoing } from '../src/domain/outgoing/Outgoing.js';
import { publicOnly, rulesOf } from '../src/domain/outgoing/OutgoingSettings.js';

const inner = [
  '127.0.0.1',
  '127.9.9.9',
  '10.0.0.1',
  '172.16.5.4',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
];
const inV6 = inner.flatMap((address) => [`::ffff:${address}`, `::${address}`, `64:ff9b::${address}`]);
const others = [
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '224.0.0.1',
  '255.255.255.255',
  '192.0.2.1',
  '198.18.0.1',
  '203.0.113.7',
  '240.0.0.1',
  '0.1.2.3',
];
const hostile = [...inner, ...inV6, ...others];
/** The same address as browsers and resolvers take it. */
const notations = [
  '127.0.0.1',
  '0x7f000001',
  '2130706433',
  '0177.0.0.1',
  '127.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::7f00:1]',
];

let connections = 0;
const server = createServer((_request, response) => response.end());
server.on('connection', () => (connections += 1));
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('addresses that webhooks may go to', () => {
  test.each(hostile)('%s is none', (address) => {
    expect(new AddressPolicy([]).mayDial(address)).toBe(false);
  });

  test.each(['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is one', (address) => {
    expect(new AddressPolicy([]).mayDial(address)).toBe(true);
  });

  test('are those of networks that are opened, too, but never a machine’s neighbours', () => {
    const policy = new AddressPolicy(['10.0.0.0/8', '169.254.0.0/16', '0.0.0.0/0', '::/0']);
    expect(policy.mayDial('10.1.2.3')).toBe(true);
    expect(policy.mayDial('169.254.169.254')).toBe(false);
    expect(policy.mayDial('fe80::1')).toBe(false);
    expect(policy.mayDial('0.0.0.0')).toBe(false);
  });
});

describe('a request', () => {
  const post = (outgoing: Outgoing, url: string) => outgoing.post({ url, headers: {}, body: '{}', keptFor: url });

  test.each(notations)('to %s reaches nobody', async (host) => {
    await using outgoing = new Outgoing(rulesOf({ ...publicOnly, ports: [port] }));
    for (const scheme of ['http', 'https'])
      expect(await post(outgoing, `${scheme}://${host}:${port}/`)).toMatchObject({ status: null, refused: true });
    expect(connections).toBe(0);
  });

  test.each(hostile)('to a name that leads to %s reaches nobody', async (address) => {
    await using outgoing = new Outgoing(rulesOf({ ...publicOnly, ports: [port] }), () => Promise.resolve([address]));
    expect(await post(outgoing, `https://receiver.example:${port}/`)).toMatchObject({ status: null, refused: true });
    expect(connections).toBe(0);
  });

  test('to a name of which one address may not be dialled reaches nobody', async () => {
    const both = () => Promise.resolve(['1.1.1.1', '127.0.0.1']);
    await using outgoing = new Outgoing(rulesOf({ ...publicOnly, ports: [port] }), both);
    expect(await post(outgoing, `https://receiver.example:${port}/`)).toMatchObject({ status: null, refused: true });
    expect(connections).toBe(0);
  });

  test('asks for a name once, so that it cannot change behind the check', async () => {
    let asked = 0;
    const changing = () => Promise.resolve([(asked += 1) === 1 ? '127.0.0.2' : '127.0.0.1']);
    const rules = rulesOf({ ...publicOnly, ports: [port], networks: ['127.0.0.2/32'] });
    await using outgoing = new Outgoing(rules, changing);
    // What listens speaks no TLS: that it was reached at the address that was checked is all that is looked at.
    expect(await post(outgoing, `https://receiver.example:${port}/`)).toMatchObject({ refused: false });
    expect(asked).toBe(1);
  });
});

describe('the product’s own parts', () => {
  const machine = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  const settings = (own: string) => rulesOf({ ...publicOnly, networks: ['0.0.0.0/0', '::/0'], own: [own] });
  const reached = async (own: string, target: string, names: Record<string, string> = {}) => {
    await using outgoing = new Outgoing(settings(own), (name) =>
      name in names ? Promise.resolve([names[name]!]) : Promise.reject(new Error('no such name')),
    );
    const before = connections;
    const { status, refused } = await outgoing.post({ url: target, headers: {}, body: '{}', keptFor: target });
    return { status, refused, connections: connections - before };
  };
  const shut = { status: null, refused: true, connections: 0 };

  test.each(['127.0.0.1', '127.0.0.2', '[::1]', '[::ffff:127.0.0.1]', ...(machine ? [machine] : [])])(
    'are out of reach at %s, though all networks are open',
    async (host) => {
      expect(
        await reached(`postgres://app:x@localhost:${port}/db`, `http://${host}:${port}/`, { localhost: '127.0.0.1' }),
      ).toEqual(shut);
    },
  );

  test('are out of reach by the name that settings give them', async () => {
    expect(
      await reached(`http://delivery.cluster:${port}`, `http://127.0.0.1:${port}/`, {
        'delivery.cluster': '127.0.0.1',
      }),
    ).toEqual(shut);
  });

  test('shut nothing else: another port, another address, and what is no URL', async () => {
    const open = { status: 200, refused: false, connections: 1 };
    expect(await reached('redis://127.0.0.1:1', `http://127.0.0.1:${port}/`)).toEqual(open);
    expect(await reached(`redis://10.0.0.1:${port}`, `http://127.0.0.1:${port}/`)).toEqual(open);
    expect(await reached('none', `http://127.0.0.1:${port}/`)).toEqual(open);
    expect(await reached(`redis://gone.example:${port}`, `http://127.0.0.1:${port}/`)).toEqual(open);
  });
});
