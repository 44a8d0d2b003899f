import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { openSource } from '../../src/domain/discovery/index.js';
import { discover, targetsOf, type Cleansed } from './sources.js';

/** Exports of real systems, beside the checkout where they are present. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/data');
const present = existsSync(join(folder, 'netbox-devices.csv'));

function discoverFile(name: string): Promise<Cleansed> {
  const format = name.endsWith('.csv') ? 'CSV' : 'JSON';
  return discover(openSource({ format, open: () => createReadStream(join(folder, name)) }), { sourceName: name });
}

(present ? describe : describe.skip)('real exports', () => {
  it('NetBox devices: 50 named ones become assets, the 22 without a name are rejected', async () => {
    const { profile, mappings, assets, rejected, dependencies } = await discoverFile('netbox-devices.csv');
    expect(profile.rows).toBe(72);
    expect(targetsOf(mappings)).toEqual({
      ID: 'externalId',
      'Device Name': 'name',
      Status: 'status',
      Role: 'kind',
      Platform: 'operatingSystem',
      Tenant: 'department',
      'Primary IP': 'ipAddress',
      'Last Updated': 'lastSeenAt',
    });
    expect(assets).toHaveLength(50);
    expect(rejected).toHaveLength(22);
    expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(['MISSING_NAME']));
    expect(dependencies).toEqual([]);
    expect(assets[0]).toMatchObject({
      name: 'dmi01-akron-rtr01',
      kind: 'NETWORK_DEVICE',
      status: 'ACTIVE',
      externalId: '1',
      operatingSystem: 'Cisco IOS',
      department: 'Dunder-Mifflin, Inc.',
      lastSeenAt: '2020-12-20T02:51:03.257Z',
    });
    expect(assets.some(({ kind }) => kind === 'OTHER')).toBe(true);
  });

  it('NetBox virtual machines: all 180 are virtual machines of their clusters', async () => {
    const { mappings, assets, rejected, dependencies } = await discoverFile('netbox-virtual-machines.csv');
    expect(targetsOf(mappings)).toMatchObject({
      vm_id: 'externalId',
      vm: 'name',
      'power state': 'status',
      cluster: 'dependency.cluster',
      role: 'kind',
      os: 'operatingSystem',
      updated: 'lastSeenAt',
    });
    expect(assets).toHaveLength(180);
    expect(rejected).toEqual([]);
    expect(new Set(assets.map(({ kind, status }) => `${kind} ${status}`))).toEqual(new Set(['VIRTUAL_MACHINE ACTIVE']));
    expect(dependencies).toHaveLength(180);
    expect(new Set(dependencies.map(({ to }) => to.text)).size).toBe(9);
  });

  it('NetBox connections: 26 cables between devices of the other file', async () => {
    const { mappings, assets, dependencies, rejected } = await discoverFile('netbox-connections.csv');
    expect(targetsOf(mappings)).toEqual({ from_device: 'dependency.from', to_device: 'dependency.to' });
    expect(assets).toEqual([]);
    expect(rejected).toEqual([]);
    expect(dependencies).toHaveLength(26);
    const names = new Set((await discoverFile('netbox-devices.csv')).assets.map(({ name }) => name));
    for (const { from, to } of dependencies) expect([names.has(from.text), names.has(to.text)]).toEqual([true, true]);
  });

  it('EC2 instances: 13 virtual machines by their instance ids', async () => {
    const { mappings, assets, rejected } = await discoverFile('aws-ec2-instances.json');
    expect(targetsOf(mappings)).toMatchObject({
      InstanceId: 'externalId',
      'State.Name (status)': 'status',
      PlatformDetails: 'operatingSystem',
      LaunchTime: 'firstSeenAt',
      PrivateDnsName: 'hostname',
      PrivateIpAddress: 'ipAddress',
    });
    expect(rejected).toEqual([]);
    expect(assets).toHaveLength(13);
    for (const asset of assets)
      expect(asset).toMatchObject({
        kind: 'VIRTUAL_MACHINE',
        name: asset.externalId,
        matchKeys: { primary: `id:${asset.externalId}` },
      });
    expect(assets.filter(({ status }) => status === 'ACTIVE').map(({ ipAddress }) => ipAddress)).toEqual([
      '10.0.1.221',
      '10.0.1.7',
      '10.0.1.251',
    ]);
    expect(assets.filter(({ status }) => status === 'RETIRED')).toHaveLength(10);
  });

  it('Azure Resource Graph: the rows of its columns/rows form', async () => {
    const { mappings, assets, rejected } = await discoverFile('azure-resource-graph-reply.json');
    expect(targetsOf(mappings)).toMatchObject({
      id: 'externalId',
      name: 'name',
      'type (kind)': 'kind',
      'properties.storageProfile.osDisk.osType': 'operatingSystem',
      'properties.osProfile.computerName': 'hostname',
    });
    expect(rejected).toEqual([]);
    expect(assets.length).toBeGreaterThan(0);
    expect(assets[0]).toMatchObject({
      name: 'cctestvm',
      kind: 'VIRTUAL_MACHINE',
      operatingSystem: 'Linux',
      hostname: 'vm45mqcga7pkswi',
      attributes: { location: 'southcentralus', resourceGroup: 'test_vm' },
    });
  });

  it('the same file twice gives the same keys', async () => {
    for (const name of ['netbox-devices.csv', 'aws-ec2-instances.json', 'netbox-connections.csv'])
      expect(await discoverFile(name)).toEqual(await discoverFile(name));
  });
});
