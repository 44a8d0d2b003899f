import { describe, expect, it } from '@jest/globals';
import { profileSource, reasonsToAsk, suggestMappings } from '../../src/domain/discovery/index.js';
import { discover, sourceOf, targetsOf } from './sources.js';

const auto = (content: unknown) => sourceOf('AUTO', typeof content === 'string' ? content : JSON.stringify(content));

async function asks(content: unknown): Promise<string[]> {
  const profile = await profileSource(auto(content));
  return reasonsToAsk(profile, suggestMappings(profile)).map(({ code }) => code);
}

describe('a source of which it is not plain what it lists is asked about, and does not succeed with a guess', () => {
  it('one machine’s inventory of an unknown tool, whose devices, users and packages are lists', async () => {
    const xml =
      '<AGENT><DATA><CARD><NAME>SATA Controller</NAME><TYPE>SATA controller</TYPE></CARD><CARD><NAME>USB Host</NAME><TYPE>USB controller</TYPE></CARD>' +
      '<USER><ID>0</ID><NAME>root</NAME></USER><USER><ID>1</ID><NAME>daemon</NAME></USER><PROGRAM><NAME>bash</NAME></PROGRAM>' +
      '<PROGRAM><NAME>vim</NAME></PROGRAM><CARTRIDGE><NAME>black</NAME></CARTRIDGE><CARTRIDGE><NAME>cyan</NAME></CARTRIDGE></DATA></AGENT>';
    expect(await asks(xml)).toEqual(['SEVERAL_LISTS']);
  });

  it('two lists as good as each other', async () => {
    const two = { vms: [{ name: 'vm-1' }, { name: 'vm-2' }], hosts: [{ name: 'esx-1' }, { name: 'esx-2' }] };
    expect(await asks(two)).toEqual(['SEVERAL_LISTS']);
  });

  it('not a list with its pages, links and filters around it', async () => {
    const reply = {
      servers: [
        { name: 'web-1', ip: '10.0.0.1', disks: [{ id: 1 }] },
        { name: 'web-2', ip: '10.0.0.2', disks: [] },
      ],
      links: [{ rel: 'next', href: '/2' }],
      meta: { filters: [{ field: 'name', op: 'all' }] },
    };
    expect(await asks(reply)).toEqual([]);
  });

  it('rows that have no more than a running number', async () => {
    expect(await asks('id,status,length\n1,connected,3\n2,connected,5\n3,planned,7\n')).toEqual(['NO_NAME']);
  });
});

describe('parts of machines do not become assets by themselves', () => {
  const interfaces = (names: readonly string[]) => ({
    count: names.length * 2,
    results: ['sw-1', 'sw-2'].flatMap((device, of) =>
      names.map((name, n) => ({
        id: of * 100 + n,
        device: { id: of, name: device },
        name,
        type: { value: '1000base-t', label: '1000BASE-T' },
        enabled: true,
        mac_address: null,
      })),
    ),
  });
  const table = (heading: string, names: readonly string[]) =>
    [`host,${heading},size`, ...names.flatMap((name) => [`web-1,${name},20`, `web-2,${name},40`])].join('\n');

  it.each([
    [
      'interfaces of switches, as an API gives them',
      interfaces(['GigabitEthernet1/0/1', 'GigabitEthernet1/0/2', 'Vlan10']),
    ],
    ['interfaces of servers', interfaces(['lo', 'eth0', 'eth1', 'bond0.20', 'ens192'])],
    ['ports', interfaces(['ge-0/0/0', 'ge-0/0/1.0', 'ae0', 'xe-1/0/3'])],
    ['disks', table('name', ['sda', 'sdb', 'nvme0n1', '/dev/sdc1'])],
    ['virtual disks', table('name', ['Hard disk 1', 'Hard disk 2'])],
    ['drives', table('name', ['C:', 'D:\\'])],
    ['mount points', table('name', ['/', '/var', '/var/lib/docker'])],
  ])('%s', async (_, content) => {
    expect(await asks(content)).toEqual(['PARTS_OF_ASSETS']);
  });

  it('machines whose names only begin like a part do', async () => {
    const names = [
      'eth-gw',
      'lo-web-1',
      'sda-backup',
      'edge1',
      'brno-db1',
      'tunnel-london',
      'disk-array',
      'vlan-core-a',
      'gi-01',
      'te1-app',
    ];
    expect(await asks(`name,ip\n${names.map((name, n) => `${name},10.0.0.${n + 1}`).join('\n')}\n`)).toEqual([]);
  });
});

describe('a known source is not completed by what its values look like', () => {
  it('a handler is no host name, a restart priority no criticality, a group no department', async () => {
    const lambda = {
      Functions: [
        { FunctionName: 'f', FunctionArn: 'arn:aws:lambda:eu:1:function:f', Handler: 'index.handler', Runtime: 'x' },
      ],
    };
    expect((await discover(auto(lambda))).assets[0]).toMatchObject({ name: 'f', hostname: null });
    const rvtools =
      'VM,Powerstate,Template,DNS Name,HA Restart Priority,Cluster,Host,VM UUID\n' +
      'a,poweredOn,False,a.corp.example,medium,C1,esx1,4c4c4544-0000-4000-8000-00000000aaa1\n';
    expect((await discover(auto(rvtools))).assets[0]).toMatchObject({ name: 'a', criticality: 'UNKNOWN' });
    const bom = {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      components: [{ type: 'library', name: 'x', group: 'com.redhat' }],
    };
    expect((await discover(auto(bom))).assets[0]).toMatchObject({ name: 'x', department: null });
  });

  it('services within services are assets of their own, beside the one around them', async () => {
    const bom = {
      bomFormat: 'CycloneDX',
      services: [{ 'bom-ref': 'gw', name: 'gateway', services: [{ 'bom-ref': 'shop', name: 'shop' }] }],
      dependencies: [{ ref: 'gw', dependsOn: ['shop'] }],
    };
    const { assets, dependencies } = await discover(auto(bom));
    expect(assets.map(({ name }) => name).sort()).toEqual(['gateway', 'shop']);
    expect(dependencies.map(({ from, to }) => [from.text, to.text])).toEqual([['gateway', 'shop']]);
  });
});

it('what only ties resources together is left out of a Terraform state, and takes no asset’s key', async () => {
  const resource = (type: string, attributes: object) => ({
    mode: 'managed',
    type,
    name: 'r',
    instances: [{ attributes }],
  });
  const { assets, rejected } = await discover(
    auto({
      version: 4,
      terraform_version: '1.9.0',
      resources: [
        resource('aws_iam_role', { id: 'app', name: 'app', arn: 'arn:aws:iam::1:role/app' }),
        resource('aws_iam_user_login_profile', { id: 'app', user: 'app' }),
        resource('aws_iam_group_policy', { id: 'app', name: 'app' }),
        resource('aws_iam_role_policy_attachment', { id: 'app-2023', role: 'app' }),
        resource('aws_security_group_rule', { id: 'sgrule-1' }),
        resource('random_id', { id: 'Zm9v', hex: '666f6f' }),
        resource('aws_vpc', { id: 'vpc-0a1b2c3d4e5f60718', arn: 'arn:aws:ec2:eu:1:vpc/vpc-0a1b2c3d4e5f60718' }),
      ],
    }),
  );
  expect(assets.map(({ name }) => name)).toEqual(['app', 'vpc-0a1b2c3d4e5f60718']);
  expect(rejected).toEqual([]);
});

describe('what looks like a key and is none', () => {
  it('localhost is no host name, a network no address, a description no id', async () => {
    const { assets, mappings } = await discover(
      auto(
        'name,fqdn,ip address,description\nweb,localhost.localdomain,10.0.0.0/24,arn:aws:ecs:eu:1:attachment/a\n' +
          'db,localhost.localdomain,10.0.0.7/24,arn:aws:ecs:eu:1:attachment/b\n',
      ),
    );
    expect(assets.map(({ hostname, ipAddress }) => [hostname, ipAddress])).toEqual([
      [null, null],
      [null, '10.0.0.7'],
    ]);
    expect(targetsOf(mappings)).not.toHaveProperty('description');
  });

  it('where a secret lies is no secret; a secret that was removed names nothing and recognises nothing', async () => {
    const { assets, rejected } = await discover(
      auto(
        JSON.stringify([
          {
            name: 'a',
            arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-lfUPRe',
            env: { PWD: '/root' },
            HttpTokens: 'optional',
          },
          { name: 'b', arn: 'postgres://app:canary@db/x', env: { PWD: '/root' }, HttpTokens: 'required' },
          { name: 'postgres://app:canary@db/x', arn: null, env: { PWD: '/root' }, HttpTokens: 'required' },
        ]),
      ),
    );
    expect(assets.map(({ name, externalId }) => [name, externalId])).toEqual([
      ['a', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-lfUPRe'],
      ['b', null],
    ]);
    expect(assets[0]!.attributes).toMatchObject({ 'env.PWD': '/root', HttpTokens: 'optional' });
    expect(rejected.map(({ code }) => code)).toEqual(['MISSING_NAME']);
  });
});

it('a reply whose rows stand in front of their columns is refused, and no cell of it becomes an asset', async () => {
  const reply = { data: { rows: [['vm-1', { name: 'disk' }]], columns: [{ name: 'name' }, { name: 'properties' }] } };
  await expect(profileSource(auto(reply))).rejects.toMatchObject({ code: 'WRONG_FORMAT' });
});

it('a known source is completed by a heading that says what it is, whatever words a house has for its environments', async () => {
  const { assets, profile } = await discover(
    auto('Name,Id,PowerState,VMHost,environment,os\nvm-1,vm-11,PoweredOn,esx1,blue,BespokeOS 3\n'),
  );
  expect(profile.recognised).not.toBeNull();
  expect(assets[0]).toMatchObject({ environment: 'blue', operatingSystem: 'BespokeOS 3' });
});
