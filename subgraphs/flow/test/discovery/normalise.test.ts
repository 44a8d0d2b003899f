import { describe, expect, it } from '@jest/globals';
import { readAssetKind } from '../../src/domain/discovery/normalise/assetKind.js';
import { readAssetStatus } from '../../src/domain/discovery/normalise/assetStatus.js';
import { readCriticality } from '../../src/domain/discovery/normalise/criticality.js';
import { readDate } from '../../src/domain/discovery/normalise/date.js';
import { readSizeMiB } from '../../src/domain/discovery/normalise/dataSize.js';
import { readEmail } from '../../src/domain/discovery/normalise/email.js';
import { readEnvironment } from '../../src/domain/discovery/normalise/environment.js';
import { isFormula } from '../../src/domain/discovery/normalise/formula.js';
import { readHostname } from '../../src/domain/discovery/normalise/hostname.js';
import { readIpAddress } from '../../src/domain/discovery/normalise/ipAddress.js';
import { readTags } from '../../src/domain/discovery/normalise/tags.js';

describe('kinds', () => {
  it.each([
    [
      'SERVER',
      'Server',
      'Application Server',
      'database server',
      'cmdb_ci_linux_server',
      'ESXi Host',
      'Domain Controller',
    ],
    [
      'VIRTUAL_MACHINE',
      'VM',
      'virtual-machine',
      'Virtual Machine',
      'cmdb_ci_vm_instance',
      'microsoft.compute/virtualmachines',
      'AWS::EC2::Instance',
    ],
    [
      'NETWORK_DEVICE',
      'Router',
      'Core Switch',
      'Distribution Switch',
      'ToR Switch',
      'firewall',
      'cmdb_ci_netgear',
      'Load Balancer',
    ],
    [
      'DATABASE',
      'Database',
      'SQL Server',
      'postgresql',
      'AWS::RDS::DBInstance',
      'cmdb_ci_db_mssql_instance',
      'microsoft.sql/servers/databases',
    ],
    ['STORAGE', 'SAN', 'Storage Array', 'AWS::S3::Bucket', 'microsoft.storage/storageaccounts'],
    ['CONTAINER', 'Docker container', 'Kubernetes Pod'],
    ['APPLICATION', 'application', 'cmdb_ci_appl', 'Web App', 'microsoft.web/sites'],
    ['SERVICE', 'Service', 'REST API'],
    ['CLOUD_RESOURCE', 'cloud resource', 'Lambda', 'microsoft.keyvault/vaults', 'AWS::SNS::Topic'],
    ['OTHER', 'other', 'PDU'],
  ])('reads words for %s', (kind, ...words) => {
    expect(Object.fromEntries(words.map((word) => [word, readAssetKind(word)]))).toEqual(
      Object.fromEntries(words.map((word) => [word, kind])),
    );
  });

  it('does not guess', () => {
    for (const word of ['blue', 'x', '17', 'hvm', 'default']) expect(readAssetKind(word)).toBeNull();
  });
});

describe('states', () => {
  it.each([
    [
      'ACTIVE',
      'active',
      'Running',
      'poweredOn',
      'Powered On',
      'In Use',
      'in-use',
      'PowerState/running',
      'VM running',
      'Operational',
      'up',
    ],
    [
      'INACTIVE',
      'offline',
      'stopped',
      'poweredOff',
      'PowerState/deallocated',
      'VM deallocated',
      'shutting-down',
      'Planned',
      'staged',
      'Non-Operational',
    ],
    ['RETIRED', 'Retired', 'terminated', 'decommissioned', 'Decommissioning', 'End of Life', 'Disposed'],
    ['UNKNOWN', 'unknown'],
  ])('reads words for %s', (status, ...words) => {
    for (const word of words) expect([word, readAssetStatus(word)]).toEqual([word, status]);
  });

  it('knows environments and criticality', () => {
    expect(['Prod', 'PRODUCTION', 'pre-prod', 'Dev', 'uat', 'QA', 'DR', 'mars'].map(readEnvironment)).toEqual([
      'production',
      'production',
      'staging',
      'development',
      'uat',
      'qa',
      'disaster recovery',
      null,
    ]);
    expect(
      ['1 - most critical', '4 - not critical', 'Tier 1', 'p2', 'Medium', 'low', 'Mission Critical', 'red'].map(
        readCriticality,
      ),
    ).toEqual(['CRITICAL', 'LOW', 'CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'CRITICAL', null]);
  });
});

describe('dates', () => {
  const expected = '2026-03-04T00:00:00.000Z';
  it.each([
    '2026-03-04',
    '2026/03/04',
    '20260304',
    '4.3.2026',
    '04/03/2026',
    '4 Mar 2026',
    '04-Mar-2026',
    'March 4, 2026',
    'Wed, 04 Mar 2026 00:00:00 GMT',
    '2026-03-04T01:00:00+01:00',
    '2026-03-04 00:00',
    '4/3/2026 12:00 AM',
    '46085',
    '1772582400',
    '1772582400000',
    '/Date(1772582400000)/',
  ])('reads %s', (text) => {
    expect(readDate(text)).toBe(expected);
  });

  it('reads times, zones and fractions', () => {
    expect(readDate('2020-12-20T02:51:03.257Z')).toBe('2020-12-20T02:51:03.257Z');
    expect(readDate('2020-12-20 02:51:03.257123+0530')).toBe('2020-12-19T21:21:03.257Z');
    expect(readDate('12/31/2025 11:59:58 PM')).toBe('2025-12-31T23:59:58.000Z');
  });

  it('puts the day or the month first as told, and otherwise as it must be', () => {
    expect(readDate('03/04/2026', 'MONTH_FIRST')).toBe('2026-03-04T00:00:00.000Z');
    expect(readDate('03/04/2026', 'DAY_FIRST')).toBe('2026-04-03T00:00:00.000Z');
    expect(readDate('13/04/2026', 'MONTH_FIRST')).toBe('2026-04-13T00:00:00.000Z');
    expect(readDate('04/13/2026', 'DAY_FIRST')).toBe('2026-04-13T00:00:00.000Z');
  });

  it('refuses what is none', () => {
    for (const text of [
      '2026-02-30',
      '2026-13-01',
      '2026-02-29',
      'yesterday',
      '10.0.0.1',
      '1.2.3',
      '2026-01-01T25:00:00Z',
      '99999',
      '12345678',
      '31/31/2026',
    ])
      expect([text, readDate(text)]).toEqual([text, null]);
  });
});

describe('addresses', () => {
  it('brings IPv4 and IPv6 to one form', () => {
    const pairs = {
      '10.0.0.1': '10.0.0.1',
      ' 10.0.0.1/24 ': '10.0.0.1',
      '10.0.0.1/255.255.255.0': '10.0.0.1',
      '10.0.0.1:443': '10.0.0.1',
      '2001:0DB8:0000:0000:0000:0000:0000:0001': '2001:db8::1',
      '2001:db8::1/64': '2001:db8::1',
      '[fe80::1%eth0]:80': 'fe80::1',
      '::': '::',
      '::ffff:10.0.0.1': '::ffff:a00:1',
      '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
      '1:0:0:2:0:0:0:3': '1:0:0:2::3',
    };
    for (const [text, address] of Object.entries(pairs)) expect([text, readIpAddress(text)]).toEqual([text, address]);
  });

  it('refuses what is none', () => {
    for (const text of [
      '',
      '10.0.0',
      '10.0.0.256',
      '10.0.0.1.1',
      '010.0.0.1',
      '10.0.0.1/33',
      'a.b.c.d',
      '1::2::3',
      '12345::',
      '1:2:3:4:5:6:7',
      ':::',
      '10.0.0.-1',
      'localhost',
      '1.2.3.4.',
    ]) {
      expect([text, readIpAddress(text)]).toEqual([text, null]);
    }
  });
});

describe('the rest', () => {
  it('reads sizes as MiB', () => {
    expect(
      ['8 GB', '8192 MB', '8GiB', '8,192 MB', '0.5 TB', '1,5 GB', '8388608 KB', '8589934592 B'].map((text) =>
        readSizeMiB(text, null),
      ),
    ).toEqual([8192, 8192, 8192, 8192, 524288, 1536, 8192, 8192]);
    expect([
      readSizeMiB('8', 'g'),
      readSizeMiB('8192', 'm'),
      readSizeMiB('8', null),
      readSizeMiB('large', 'g'),
    ]).toEqual([8192, 8192, null, null]);
  });

  it('reads e-mail addresses and host names', () => {
    expect([
      readEmail('Ann.Lee@Example.COM'),
      readEmail('Ann Lee <ann@x.example>'),
      readEmail('mailto:a@b.co'),
      readEmail('a@b'),
      readEmail('a b@c.de'),
      readEmail('@team'),
    ]).toEqual(['ann.lee@example.com', 'ann@x.example', 'a@b.co', null, null, null]);
    expect([
      readHostname('Web-1.Example.COM.'),
      readHostname('a b'),
      readHostname('-x'),
      readHostname('x'.repeat(64)),
      readHostname('a..b'),
    ]).toEqual(['web-1.example.com', null, null, null, null]);
  });

  it('reads tags of every form', () => {
    expect(readTags('a, b;c | d')).toEqual(['a', 'b', 'c', 'd']);
    expect(readTags('{"env":"prod","x":""}')).toEqual(['env:prod', 'x']);
    expect(readTags('["a","b"]')).toEqual(['a', 'b']);
    expect(readTags(['a', 1])).toEqual(['a', '1']);
    expect(readTags(null)).toEqual([]);
  });

  it('tells formulas from numbers and words', () => {
    for (const text of ['=1+1', '=cmd|x', '@SUM(A1)', '+A1', '-A1+2', '+cmd|x', '\t=1'])
      expect([text, isFormula(text)]).toEqual([text, true]);
    for (const text of ['', '-', '=', '-5', '+49 (30) 123-45', '-1.5', 'a=b', '@team', 'web-1', '+'])
      expect([text, isFormula(text)]).toEqual([text, false]);
  });

  it('answers in linear time on hostile text', () => {
    const started = performance.now();
    for (const hostile of [
      'a@'.repeat(150),
      `${'a'.repeat(250)}@${'a-'.repeat(120)}`,
      '1'.repeat(4_000),
      '1,'.repeat(2_000),
      `${'a.'.repeat(120)}!`,
      '0:'.repeat(20),
      `${' '.repeat(60)}x`,
      `+${'1 '.repeat(200)}x`,
    ]) {
      readEmail(hostile);
      readHostname(hostile);
      readDate(hostile);
      readSizeMiB(hostile, null);
      readIpAddress(hostile);
      isFormula(hostile);
      readAssetKind(hostile);
    }
    expect(performance.now() - started).toBeLessThan(200);
  });
});
