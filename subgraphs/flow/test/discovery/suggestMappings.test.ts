import { describe, expect, it } from '@jest/globals';
import {
  checkMappings,
  findMappingTarget,
  mappingTargets,
  profileSource,
  suggestMappings,
  type RememberedMapping,
} from '../../src/domain/discovery/index.js';
import { csv, json, targetsOf } from './sources.js';

async function suggest(text: string, remembered: readonly RememberedMapping[] = []) {
  return suggestMappings(await profileSource(csv(text)), remembered);
}

describe('suggesting mappings', () => {
  it.each([
    ['läuft auf', 'dependency.runsOn'],
    ['abhängig von', 'dependency.dependsOn'],
    ['hängt ab von', 'dependency.dependsOn'],
    ['gehostet auf', 'dependency.host'],
    ['tourne sur', 'dependency.runsOn'],
    ['dépend de', 'dependency.dependsOn'],
    ['se ejecuta en', 'dependency.runsOn'],
    ['depende de', 'dependency.dependsOn'],
    ['dipende da', 'dependency.dependsOn'],
    ['draait op', 'dependency.runsOn'],
    ['zależy od', 'dependency.dependsOn'],
    ['závisí na', 'dependency.dependsOn'],
    ['beror på', 'dependency.dependsOn'],
    ['kører på', 'dependency.runsOn'],
    ['依存先', 'dependency.dependsOn'],
    ['依赖', 'dependency.dependsOn'],
    ['의존성', 'dependency.dependsOn'],
    ['зависит от', 'dependency.dependsOn'],
    ['Bağımlı olduğu', 'dependency.dependsOn'],
  ])('knows the heading %s for %s', async (heading, field) => {
    const rows = ['a,10.0.0.1,c', 'b,10.0.0.2,c', 'c,10.0.0.3,'];
    const found = await suggest([`Name,IP,${heading}`, ...rows].join('\n'));
    expect(found.find(({ sourceField }) => sourceField === heading)?.targetField).toBe(field);
  });

  const exports: Record<string, { text: string; targets: Record<string, string> }> = {
    ServiceNow: {
      text: 'sys_id,name,sys_class_name,install_status,ip_address,fqdn,os,department,business_criticality,owned_by,most_recent_discovery\n6f1c0a2be0a14c7f8d9e0a1b2c3d4e5f,web01,cmdb_ci_linux_server,Installed,10.1.2.3,web01.corp.example,Linux Red Hat,Finance,1 - most critical,ann.lee@corp.example,2026-01-02 03:04:05\n7f1c0a2be0a14c7f8d9e0a1b2c3d4e5f,web02,cmdb_ci_win_server,Retired,10.1.2.4,web02.corp.example,Windows Server 2022,Sales,3 - less critical,bob@corp.example,2026-01-02 03:04:05\n',
      targets: {
        sys_id: 'externalId',
        name: 'name',
        sys_class_name: 'kind',
        'install_status (status)': 'status',
        ip_address: 'ipAddress',
        fqdn: 'hostname',
        os: 'operatingSystem',
        department: 'department',
        business_criticality: 'criticality',
        owned_by: 'ownerEmail',
        most_recent_discovery: 'lastSeenAt',
      },
    },
    'vCenter (RVTools)': {
      text: 'VM,Powerstate,DNS Name,CPUs,Memory,Primary IP Address,Cluster,Host,OS according to the VMware Tools,VM UUID\nweb01,poweredOn,web01.corp.example,4,8192,10.1.2.3,prod-a,esx01.corp.example,Ubuntu Linux (64-bit),4230b1f2-0d1e-4c6b-9d1a-000000000001\ndb01,poweredOff,db01.corp.example,8,16384,10.1.2.4,prod-a,esx01.corp.example,Microsoft Windows Server 2019 (64-bit),4230b1f2-0d1e-4c6b-9d1a-000000000002\n',
      targets: {
        VM: 'name',
        'Powerstate (status)': 'status',
        '(kind)': 'kind',
        'DNS Name': 'hostname',
        'Primary IP Address': 'ipAddress',
        Cluster: 'dependency.cluster',
        Host: 'dependency.runsOn',
        'OS according to the VMware Tools': 'operatingSystem',
        'VM UUID': 'externalId',
      },
    },
    SCCM: {
      text: 'ResourceID,Netbios_Name0,Operating_System_Name_and0,IP_Addresses0,Full_Domain_Name0,Last_Logon_Timestamp0\n16777219,PC-01,Microsoft Windows NT Workstation 10.0,10.0.0.5,corp.example,2026-01-05 10:00:00\n16777220,PC-02,Microsoft Windows NT Workstation 10.0,10.0.0.6,corp.example,2026-01-06 10:00:00\n',
      targets: {
        ResourceID: 'externalId',
        Netbios_Name0: 'name',
        Operating_System_Name_and0: 'operatingSystem',
        IP_Addresses0: 'ipAddress',
        Last_Logon_Timestamp0: 'lastSeenAt',
      },
    },
    'a plain list of hosts': {
      text: 'host,address,platform\nweb01,10.0.0.1,Debian 12\nweb02,10.0.0.2,Debian 12\nweb03,10.0.0.3,Debian 12\n',
      targets: { host: 'name', address: 'ipAddress', platform: 'operatingSystem' },
    },
    'columns whose names say nothing': {
      text: 'name,c1,c2,c3,c4\nweb01,10.0.0.1,ann@x.example,Ubuntu 22.04,prod\nweb02,10.0.0.2,bob@x.example,Debian 12,test\n',
      targets: { name: 'name', c1: 'ipAddress', c2: 'ownerEmail', c3: 'operatingSystem', c4: 'environment' },
    },
    'applications and what they need': {
      text: 'Application Name;Depends On;Runs On;Team;Tier\nshop;db-main, cache-1;srv-1;Retail;Tier 1\nblog;db-main;srv-1;Marketing;Tier 3\n',
      targets: {
        'Application Name': 'name',
        'Depends On': 'dependency.dependsOn',
        'Runs On': 'dependency.runsOn',
        Team: 'department',
        Tier: 'criticality',
      },
    },
  };
  for (const [name, { text, targets }] of Object.entries(exports)) {
    it(`understands ${name}`, async () => {
      const mappings = await suggest(text);
      expect(targetsOf(mappings)).toEqual(targets);
      for (const { confidence, reason, targetField } of mappings) {
        expect(reason.length).toBeGreaterThan(10);
        if (targetField === null) expect(confidence).toBe(0);
        else {
          expect(confidence).toBeGreaterThanOrEqual(0.4);
          expect(confidence).toBeLessThan(1);
        }
      }
    });
  }

  it('recognises a file of connections by its two ends', async () => {
    const pairs = [
      'source,target,relationship type',
      'from_device,to_device,cable',
      'Parent;Child;Type',
      'consumer,provider,protocol',
    ];
    for (const header of pairs) {
      const delimiter = header.includes(';') ? ';' : ',';
      const mappings = await suggest(
        `${header}\n${['app-1', 'db-1', 'depends on'].join(delimiter)}\n${['app-2', 'db-1', 'depends on'].join(delimiter)}\n`,
      );
      expect(mappings.slice(0, 2).map(({ targetField }) => targetField)).toEqual(['dependency.from', 'dependency.to']);
    }
  });

  it('gives a target that takes one column to the best, and says so at the other', async () => {
    const mappings = await suggest('Device Name,Name,Alias\nr1,router-1,x\nr2,router-2,y\n');
    expect(mappings.map(({ targetField }) => targetField)).toEqual(['name', null, null]);
    expect(mappings[1]!.reason).toContain('Device Name fits better');
  });

  it('believes values more than names', async () => {
    const mappings = await suggest('name,ip,owner,last seen\na,green,Platform Team,soon\nb,red,Network Team,later\n');
    expect(targetsOf(mappings)).toEqual({ name: 'name' });
    expect((await suggest('name,id\na,1\nb,1\nc,1\nd,1\n'))[1]!.targetField).toBeNull();
  });

  it('puts what was approved before in this workspace first', async () => {
    const mappings = await suggest('Name,Alias,Owner Email\na,x,a@x.example\nb,y,b@x.example\n', [
      { sourceField: 'alias', targetField: 'name' },
      { sourceField: 'Owner Email', targetField: null },
      { sourceField: 'gone', targetField: 'hostname' },
      { sourceField: 'Name', targetField: 'no.such.target' },
    ]);
    expect(mappings).toMatchObject([
      { sourceField: 'Name', targetField: null },
      { sourceField: 'Alias', targetField: 'name', confidence: 1, reason: expect.stringContaining('Approved before') },
      { sourceField: 'Owner Email', targetField: null, confidence: 1, reason: expect.stringContaining('Left out') },
    ]);
  });

  it('looks into nested JSON only where that is safe', async () => {
    const mappings = suggestMappings(
      await profileSource(
        json([{ id: 'i-0123456789abcdef0', disk: { name: 'x', id: 7 }, network: { privateIpAddress: '10.0.0.1' } }]),
      ),
    );
    expect(targetsOf(mappings)).toEqual({ id: 'externalId', 'network.privateIpAddress': 'ipAddress' });
  });
});

describe('checking mappings', () => {
  const columns = ['a', 'b', 'c'];
  it('accepts what can be used', () => {
    expect(
      checkMappings(
        [
          { sourceField: 'a', targetField: 'name' },
          { sourceField: 'b', targetField: 'tags' },
          { sourceField: 'c', targetField: 'tags' },
        ],
        columns,
      ),
    ).toEqual([]);
    expect(
      checkMappings(
        [
          { sourceField: 'a', targetField: 'dependency.from' },
          { sourceField: 'b', targetField: 'dependency.to' },
        ],
        columns,
      ),
    ).toEqual([]);
  });

  it('names each problem', () => {
    const problems = checkMappings(
      [
        { sourceField: 'a', targetField: 'kind' },
        { sourceField: 'b', targetField: 'kind' },
        { sourceField: 'x', targetField: null },
        { sourceField: 'c', targetField: 'colour' },
        { sourceField: 'c', targetField: null },
      ],
      columns,
    );
    expect(problems.map(({ sourceField }) => sourceField)).toEqual(['b', 'x', 'c', 'c', null]);
    expect(checkMappings([{ sourceField: 'a', targetField: 'dependency.from' }], columns)).toHaveLength(1);
  });

  it('offers targets that say what they are', () => {
    expect(new Set(mappingTargets.map(({ field }) => field)).size).toBe(mappingTargets.length);
    expect(mappingTargets.filter(({ required }) => required).map(({ field }) => field)).toEqual(['name']);
    for (const { field, description } of mappingTargets) {
      expect(description.length).toBeGreaterThan(20);
      expect(findMappingTarget(field)?.field).toBe(field);
    }
    expect(findMappingTarget('__proto__')).toBeNull();
  });
});
