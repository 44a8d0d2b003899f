import { hostsCsv } from './demoHosts.js';
import type { EstateSize } from './demoHosts.js';
import { systemsJson } from './demoSystems.js';

/** What a discovery is started with. */
export interface DemoDiscovery {
  readonly name: string;
  readonly requireApproval?: boolean;
  readonly source: { readonly name: string; readonly format: 'CSV' | 'JSON'; readonly content: string };
}

/** The machines of the company first: what the second finds stands on what the first has found. */
export function demoEstate(slug: string, size: EstateSize): readonly [hosts: DemoDiscovery, systems: DemoDiscovery] {
  return [
    {
      name: 'Hosts of the CMDB',
      source: { name: `${slug}-hosts.csv`, format: 'CSV', content: hostsCsv(slug, size) },
    },
    {
      name: 'Systems and where they run',
      source: { name: `${slug}-systems.json`, format: 'JSON', content: systemsJson(slug, size) },
    },
  ];
}

/** A list whose headings are told by guesses, so that somebody wants to look at them before anything is stored. */
export const toBeApproved: DemoDiscovery = {
  name: 'Branch offices, as their managers list them',
  requireApproval: true,
  source: { name: 'branch-offices.csv', format: 'CSV', content: branchOffices() },
};

/** An export that was cut off on its way. */
export const cutOff: DemoDiscovery = {
  name: 'Nightly export of the monitoring',
  source: {
    name: 'monitoring.json',
    format: 'JSON',
    content: '{"hosts": [{"name": "probe-01", "address": "10.90.0.1"}, {"name": "probe-02", "addr',
  },
};

function branchOffices(): string {
  const towns = ['Porto', 'Kyoto', 'Kiel', 'Bremen', 'Braga', 'Nara'];
  const rows = Array.from({ length: 48 }, (_, n) => {
    const town = towns[n % towns.length]!;
    const device = n % 4 === 0 ? 'Router' : n % 4 === 1 ? 'Switch' : 'Server';
    return `BO-${200 + n};${town.toLowerCase()}-${device.toLowerCase()}-${n + 1};${device};10.60.${n % 6}.${n + 10};${town};${n % 3 === 0 ? 'Finance' : 'Operations'};${2019 + (n % 6)}-0${1 + (n % 9)}-15`;
  });
  return ['No.;Device;What it is;Address;Town;Paid by;Bought', ...rows].join('\n');
}
