import { describe, expect, it } from '@jest/globals';
import { createCleanser, profileSource, suggestMappings } from '../../src/domain/discovery/index.js';
import { KeySet } from '../../src/domain/discovery/cleanse/KeySet.js';
import { csv, discover, json, readAll } from './sources.js';

describe('cleansing', () => {
  it('normalises every field of an asset', async () => {
    const { assets, rejected } = await discover(
      csv(
        [
          'Asset ID;Name;Type;State;Env;Dept;Business Criticality;FQDN;IP Address;OS;Owner;Tags;Created;Last Seen;RAM (GB);Disk;CPUs;Backup;Site',
          'SRV-000123; Web 01 ;Web Server;Powered On;PROD;Retail;1 - critical;WEB01.Corp.Example.;10.0.0.1/24;Ubuntu 22.04;Ann <ann@corp.example>;a, b, a;01.02.2026;2026-03-04 05:06:07;8;0.5 TB;4;yes;Berlin',
          'SRV-000124;Web 02;Spaceship;humming;Moon;;;;2001:DB8::0002;n/a;-;;;;16;100 GB;8;no;-',
        ].join('\n'),
      ),
    );
    expect(rejected).toEqual([]);
    expect(assets).toEqual([
      {
        line: 2,
        matchKeys: { primary: 'id:srv-000123', fallback: null },
        name: 'Web 01',
        kind: 'SERVER',
        externalId: 'SRV-000123',
        status: 'ACTIVE',
        environment: 'production',
        department: 'Retail',
        criticality: 'CRITICAL',
        hostname: 'web01.corp.example',
        ipAddress: '10.0.0.1',
        operatingSystem: 'Ubuntu 22.04',
        ownerEmail: 'ann@corp.example',
        tags: ['a', 'b'],
        firstSeenAt: '2026-02-01T00:00:00.000Z',
        lastSeenAt: '2026-03-04T05:06:07.000Z',
        attributes: {
          memoryMiB: 8192,
          diskMiB: 524288,
          cpuCount: 4,
          Backup: true,
          Site: 'Berlin',
          Type: 'Web Server',
          State: 'Powered On',
          Owner: 'Ann <ann@corp.example>',
        },
        scope: null,
        sourceShape: expect.stringMatching(/^[0-9a-f]{10}$/),
      },
      expect.objectContaining({
        kind: 'OTHER',
        status: 'UNKNOWN',
        environment: 'Moon',
        ipAddress: '2001:db8::2',
        operatingSystem: null,
        ownerEmail: null,
        attributes: {
          memoryMiB: 16384,
          diskMiB: 102400,
          cpuCount: 8,
          Backup: false,
          Type: 'Spaceship',
          State: 'humming',
        },
      }),
    ]);
  });

  it('keys by a globally unique id, by a running number with its column, or by the name', async () => {
    const keysOf = async (text: string) => (await discover(csv(text))).assets.map(({ matchKeys }) => matchKeys);
    expect(await keysOf('uuid,name\n4230B1F2-0d1e-4c6b-9d1a-000000000001,a\n')).toEqual([
      { primary: 'id:4230b1f2-0d1e-4c6b-9d1a-000000000001', fallback: null },
    ]);
    expect(await keysOf('Name\nWeb 1\n')).toEqual([{ primary: 'name:web 1', fallback: null }]);
    const [first] = await keysOf('ID,Name,Rack\n17,a,1\n');
    const [other] = await keysOf('ID,Name,Colour\n17,b,red\n');
    const [again] = await keysOf('Rack,Name,ID\n1,a,17\n');
    expect(first!.primary).toBe('ext:id:17');
    expect(first!.fallback).toMatch(/^ext:id:17:[0-9a-f]{10}$/);
    expect(other!.primary).toBe(first!.primary);
    expect(other!.fallback).not.toBe(first!.fallback);
    expect(again).toEqual(first);
  });

  it('lets a host name or a unique id stand in for a missing name', async () => {
    const byHost = await discover(csv('name,hostname,id\n,web01.x.example,1\n,,2\nc,c.x.example,3\n'));
    expect(byHost.assets.map(({ name }) => name)).toEqual(['web01.x.example', 'c']);
    expect(byHost.rejected).toMatchObject([{ line: 3, code: 'MISSING_NAME' }]);
    expect((await discover(csv('ip,os\n10.0.0.1,Linux\n'))).assets.map(({ name }) => name)).toEqual(['10.0.0.1']);
    expect((await discover(csv('id,os\n17,Linux\n'))).assets.map(({ name }) => name)).toEqual(['17']);
  });

  it('takes the kind from the source when its rows do not say it', async () => {
    const kindsOf = async (text: string, sourceName?: string) =>
      (await discover(csv(text), sourceName === undefined ? {} : { sourceName })).assets.map(({ kind }) => kind);
    expect(await kindsOf('vm,role\na,Database Server\nb,Router\n')).toEqual(['VIRTUAL_MACHINE', 'NETWORK_DEVICE']);
    expect(await kindsOf('name,os\na,Cisco IOS 15\nb,Windows Server 2022\nc,\n')).toEqual([
      'NETWORK_DEVICE',
      'SERVER',
      'OTHER',
    ]);
    expect(await kindsOf('name\na\n', 'databases.csv')).toEqual(['DATABASE']);
    expect(await kindsOf('Application Name\nshop\n')).toEqual(['APPLICATION']);
  });

  it('finds the dependencies that columns name, without those on itself', async () => {
    const { assets, dependencies } = await discover(
      csv('name,esx host,cluster,depends on\nvm1,esx1,prod,"db1; cache1,vm1"\nvm2,esx1,prod,-\nvm3,esx2,,\n'),
    );
    expect(assets).toHaveLength(3);
    expect(dependencies.map(({ from, to, kind }) => [from.text, kind, to.text])).toEqual([
      ['vm1', 'runs_on', 'esx1'],
      ['vm1', 'member_of', 'prod'],
      ['vm1', 'depends_on', 'db1'],
      ['vm1', 'depends_on', 'cache1'],
      ['vm2', 'runs_on', 'esx1'],
      ['vm2', 'member_of', 'prod'],
      ['vm3', 'runs_on', 'esx2'],
    ]);
    expect(dependencies[0]).toEqual({
      line: 2,
      from: { matchKeys: { primary: 'name:vm1', fallback: null }, text: 'vm1' },
      to: { matchKeys: null, text: 'esx1' },
      relation: null,
      kind: 'runs_on',
      confidence: 0.9,
      toKind: 'SERVER',
      attributes: {},
    });
  });

  it('reads a file of connections as dependencies and rejects those with one end or the same twice', async () => {
    const { assets, dependencies, rejected } = await discover(
      csv('source,target,relation type,port\na,b,Depends On::Used by,80\na,,Uses,\nc,C,Uses,\nb,c,,443\n'),
    );
    expect(assets).toEqual([]);
    expect(dependencies).toMatchObject([
      {
        line: 2,
        from: { matchKeys: null, text: 'a' },
        to: { text: 'b' },
        kind: 'depends_on',
        confidence: 1,
        attributes: { port: '80' },
      },
      { line: 5, from: { text: 'b' }, to: { text: 'c' }, kind: 'connected_to' },
    ]);
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [3, 'MISSING_ENDPOINT'],
      [4, 'SELF_DEPENDENCY'],
    ]);
  });

  it('keeps several addresses, and leaves out what is none', async () => {
    const { assets, rejected } = await discover(
      csv('name,ip\na,"fe80::1, 10.0.0.1"\nb,10.0.0.2\nc,"10.0.0.3 10.0.0.300"\n'),
      {
        mappings: [
          { sourceField: 'name', targetField: 'name' },
          { sourceField: 'ip', targetField: 'ipAddress' },
        ],
      },
    );
    expect(assets[0]).toMatchObject({ ipAddress: '10.0.0.1', attributes: { ipAddresses: ['fe80::1', '10.0.0.1'] } });
    expect(assets[2]).toMatchObject({ ipAddress: '10.0.0.3' });
    expect(rejected).toEqual([]);
  });

  it('reads 03/04/2026 as the rest of its column shows', async () => {
    const seen = async (dates: string[]) =>
      (await discover(csv(`name,last seen\n${dates.map((date, index) => `n${index},${date}`).join('\n')}\n`)))
        .assets[0]!.lastSeenAt;
    expect(await seen(['03/04/2026', '12/31/2025'])).toBe('2026-03-04T00:00:00.000Z');
    expect(await seen(['03/04/2026', '31/12/2025'])).toBe('2026-04-03T00:00:00.000Z');
  });

  it('finds personal data, also in columns that no field takes', async () => {
    const rows = [
      'a,ann@x.example,+49 30 1234567,4111 1111 1111 1111,123-45-6789,Ann Lee,DE89 3704 0044 0532 0130 00,call bob@x.example,490154203237518',
      "b,bob@x.example,(030) 765-4321,5500-0000-0000-0004,987-65-4321,Bob O'Neil,GB82 WEST 1234 5698 7654 32,-,352099001761481",
    ];
    const { personalData } = await discover(
      csv(`name,owner email,phone,card,ssn,contact person,account,note,serial\n${rows.join('\n')}\n`),
    );
    expect(personalData.map(({ column, kind, count }) => [column, kind, count])).toEqual(
      expect.arrayContaining([
        ['owner email', 'EMAIL', 2],
        ['phone', 'PHONE', 2],
        ['card', 'PAYMENT_CARD', 2],
        ['ssn', 'NATIONAL_ID', 2],
        ['contact person', 'PERSON_NAME', 2],
        ['account', 'BANK_ACCOUNT', 2],
        ['note', 'EMAIL', 1],
      ]),
    );
    expect(
      (await discover(csv('name,ip,mac,serial\nweb-1,10.0.0.1,aa:bb:cc:dd:ee:ff,FDO1234A5B6\n'))).personalData,
    ).toEqual([]);
  });

  it('gives the same results at every reading, in batches of any size', async () => {
    const rows = Array.from(
      { length: 3_000 },
      (_, index) => `${index % 2_900},host-${index},10.0.${index % 300}.1,${index % 7 === 0 ? '=x' : 'prod'}`,
    );
    const source = csv(`id,name,ip,env\n${rows.join('\n')}\n`);
    const profile = await profileSource(source);
    const mappings = suggestMappings(JSON.parse(JSON.stringify(profile)));
    const run = async (batchRecords: number) => {
      const cleanser = createCleanser(mappings, { profile });
      const results: unknown[] = [];
      for await (const batch of source.batches({ batchRecords }))
        for (const record of batch.records) results.push(cleanser.cleanseRecord(record));
      return results;
    };
    const first = await run(1_000);
    expect(await run(17)).toEqual(first);
    expect(first).toHaveLength(3_000);
  });

  it('survives hostile column names and values', async () => {
    const { assets } = await discover(csv('name,__proto__,constructor,toString\na,x,y,z\n'));
    expect(Object.keys(assets[0]!.attributes)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    const cut = (await discover(json([{ name: 'a', note: 'x'.repeat(100_000) }]))).assets[0]!;
    expect(String(cut.attributes['note'])).toHaveLength(8_192);
  });
});

describe('the set of keys', () => {
  it('remembers a million keys and their lines in 33 MB', () => {
    const keys = new KeySet();
    const before = process.memoryUsage().arrayBuffers;
    for (let line = 1; line <= 1_000_000; line += 1)
      if (keys.add(`ext:id:${line}`, line) !== null) throw new Error(`false duplicate at ${line}`);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    for (const line of [1, 2, 777_777, 1_000_000]) expect(keys.add(`ext:id:${line}`, 5)?.line).toBe(line);
  });
});

describe('batches', () => {
  it('bring the rows that reading rejected together with those that cleansing rejected, by line', async () => {
    const source = csv('name,ip,os\na,10.0.0.1,x\nb\n,10.0.0.2,x\nc,10.0.0.3,x,y\nd,10.0.0.4,x\n');
    const { rejected, assets } = await discover(source);
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [3, 'RAGGED_ROW'],
      [4, 'MISSING_NAME'],
      [5, 'RAGGED_ROW'],
    ]);
    expect(assets.length + rejected.length).toBe((await readAll(source)).records.length + 2);
  });
});
