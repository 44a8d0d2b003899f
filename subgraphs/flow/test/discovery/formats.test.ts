import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { discover, failure, readAll, rowsOf, sourceOf } from './sources.js';

const auto = (content: string | Uint8Array) => sourceOf('AUTO', content);

describe('a source whose format is not said', () => {
  it.each([
    ['CSV', 'name,ip\na,10.0.0.1\n'],
    ['CSV', '# made by hand\nname;notes\na;{x}\n'],
    ['CSV', 'name,notes\na,b: c\nd,e: f\n'],
    ['JSON', '[{"name":"a"}]'],
    ['JSON', ')]}\',\n{"items":[{"name":"a"}]}'],
    ['JSON', '{"name":"a"}\n{"name":"b"}\n'],
    ['YAML', '---\nname: a\nip: 10.0.0.1\n'],
    ['YAML', 'apiVersion: v1\nkind: Node\nmetadata:\n  name: a\n'],
    ['YAML', '- name: a\n  ip: 10.0.0.1\n- name: b\n  ip: 10.0.0.2\n'],
    ['XML', '<?xml version="1.0"?><hosts><host name="a"/><host name="b"/></hosts>'],
    ['XML', '<hosts><host name="a"/><host name="b"/></hosts>'],
  ])('is found to be %s: %j', async (format, content) => {
    const { profile, assets } = await discover(auto(content));
    expect(profile.format).toBe(format);
    expect(assets[0]).toMatchObject({ name: 'a' });
  });

  it('is unpacked when it is gzip', async () => {
    expect(rowsOf(await readAll(auto(gzipSync('name,ip\na,10.0.0.1\n'))))).toEqual([{ name: 'a', ip: '10.0.0.1' }]);
  });

  it('is refused when an archive is damaged, or far larger inside than outside', async () => {
    expect(await failure(auto(gzipSync('name,ip\na,10.0.0.1\n').subarray(0, 24)))).toMatchObject({
      code: 'TRUNCATED_SOURCE',
    });
    expect(await failure(auto(gzipSync(Buffer.alloc(60_000_000, 'a,b\n'))))).toMatchObject({ code: 'WRONG_FORMAT' });
  });
});

describe('YAML', () => {
  it('may be several documents, of which each is an object or a list of them', async () => {
    const { assets, profile } = await discover(
      auto(
        [
          'apiVersion: v1\nkind: Node\nmetadata: { name: node-1, uid: 11111111-2222-4333-8444-555555555501 }',
          'apiVersion: v1\nkind: Pod\nmetadata: { name: shop, namespace: web }\nspec: { nodeName: node-1 }\nstatus: { phase: Running, podIP: 10.1.1.1 }',
        ].join('\n---\n'),
      ),
    );
    expect(profile.recognised).toMatchObject({ id: 'kubernetes-objects' });
    expect(assets).toMatchObject([
      { name: 'node-1', kind: 'SERVER' },
      { name: 'shop', kind: 'CONTAINER', status: 'ACTIVE', ipAddress: '10.1.1.1', scope: 'web' },
    ]);
  });

  it('keeps the digits of long numbers, and is refused when its aliases make a bomb of it', async () => {
    const { assets } = await discover(auto('---\n- name: a\n  id: 1234567890123456789\n'));
    expect(assets[0]).toMatchObject({ externalId: '1234567890123456789' });
    const bomb = ['---', 'a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [next, last] of ['ba', 'cb', 'dc', 'ed', 'fe'])
      bomb.push(`${next}: &${next} [${Array.from({ length: 10 }, () => `*${last}`).join(', ')}]`);
    expect(await failure(auto(bomb.join('\n')))).toMatchObject({ code: 'WRONG_FORMAT' });
  });
});

describe('XML', () => {
  it('of nmap becomes its hosts', async () => {
    const { assets, profile } = await discover(
      auto(
        '<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap"><host><status state="up"/><address addr="10.9.0.1" addrtype="ipv4"/>' +
          '<hostnames><hostname name="gw.corp.example" type="PTR"/><hostname name="gw2.corp.example" type="PTR"/></hostnames></host>' +
          '<host><status state="down"/><address addr="10.9.0.2" addrtype="ipv4"/><hostnames></hostnames></host></nmaprun>',
      ),
    );
    expect(profile.recognised).toMatchObject({ id: 'nmap-scan' });
    // At the other address nobody answered.
    expect(assets).toMatchObject([{ name: 'gw.corp.example', ipAddress: '10.9.0.1', status: 'ACTIVE' }]);
  });

  it('never opens entities that a document defines', async () => {
    const hosts = '<hosts><host name="a &amp; b">&secret;</host><host name="c"/></hosts>';
    const read = await readAll(auto(`<!DOCTYPE hosts [<!ENTITY secret "opened">]>${hosts}`));
    expect(JSON.stringify(read)).not.toContain('opened');
    expect(rowsOf(read)[0]).toMatchObject({ name: 'a & b' });
    expect(
      await failure(auto(`<!DOCTYPE hosts [<!ENTITY secret SYSTEM "file:///etc/passwd">]>${hosts}`)),
    ).toMatchObject({
      code: 'WRONG_FORMAT',
    });
  });
});

describe('the wrapping of a known reply', () => {
  const instance = (id: string) => ({ InstanceId: id, InstanceType: 't3.small', State: { Name: 'running' } });
  const two = [instance('i-01'), instance('i-02')];
  it.each([
    ['none', two],
    ['a list in a list', [two]],
    ['the reply', { ResponseMetadata: { RequestId: 'r' }, Reservations: [{ Groups: [], Instances: two }] }],
    ['reservations', [{ OwnerId: '1', ReservationId: 'r-1', Instances: two }]],
    ['an envelope', { data: { Reservations: [{ Instances: two }] } }],
  ])('is no record of its own: %s', async (_, document) => {
    const { assets, rejected } = await discover(auto(JSON.stringify(document)));
    expect(assets.map(({ externalId }) => externalId)).toEqual(['i-01', 'i-02']);
    expect(rejected).toEqual([]);
  });
});
