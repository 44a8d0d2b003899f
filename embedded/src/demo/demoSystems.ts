import { databaseName, departments, machineName } from './demoHosts.js';
import type { EstateSize } from './demoHosts.js';

const systemNames = [
  ...['Billing', 'Orders', 'Tracking', 'Portal', 'Reporting', 'Search', 'Payroll', 'Recruiting', 'Treasury', 'Ledger'],
  ...['Procurement', 'Warehouse', 'Fleet', 'Customs', 'Contracts', 'Claims', 'Pricing', 'Catalogue', 'Loyalty'],
  ...['Returns', 'Invoicing', 'Travel', 'Training', 'Timesheets', 'Directory', 'Budgeting', 'Forecasting', 'Archive'],
  ...['Helpdesk', 'Messaging', 'Surveys', 'Compliance', 'Claims Audit', 'Risk', 'Routing'],
] as const;

const shared = ['Single Sign-On', 'Mail Relay', 'Monitoring', 'Document Store'] as const;

/** Business services, the applications that they stand on, and on which machines and databases those run, as an architecture tool lists them. */
export function systemsJson(slug: string, size: EstateSize): string {
  const systems = systemNames.slice(0, size.systems);
  const items = systems.flatMap((system, n) => itemsOfSystem(slug, size, system, n, systems[Math.floor(n / 3)]!));
  const common = shared.map((name, n) => ({
    id: `${slug}-shared-${n}`,
    name,
    type: 'service',
    state: 'running',
    environment: 'production',
    department: 'Operations',
    criticality: 'critical',
    runs_on: machineName(slug, size, n * 7),
    depends_on: databaseName(slug, size, n * 5),
    tags: ['shared'],
  }));
  return JSON.stringify({ items: [...common, ...items] });
}

/** `before`: another system, of which this one needs the interface. */
function itemsOfSystem(slug: string, size: EstateSize, system: string, n: number, before: string) {
  const key = system.toLowerCase().replaceAll(' ', '-');
  const part = (
    name: string,
    type: string,
    place: number | null,
    dependsOn: readonly string[],
    criticality = n % 5 === 0 ? 'critical' : n % 2 === 0 ? 'high' : 'medium',
  ) => ({
    id: `${slug}-${name.toLowerCase().replaceAll(' ', '-')}`,
    name,
    type,
    state: 'running',
    environment: 'production',
    department: departments[n % departments.length],
    criticality,
    runs_on: place === null ? null : machineName(slug, size, place),
    depends_on: dependsOn.join(';'),
    tags: n % 3 === 0 ? ['customer-facing', key] : [key],
  });
  const database = databaseName(slug, size, n);
  return [
    part(system, 'service', null, [`${system} Web`, ...(n % 4 === 0 ? ['Single Sign-On'] : [])]),
    part(`${system} Web`, 'application', n * 3, [`${system} Interface`]),
    part(`${system} Interface`, 'application', n * 3 + 1, [
      database,
      `${system} Cache`,
      ...(before === system ? [] : [`${before} Interface`]),
    ]),
    part(`${system} Jobs`, 'application', n * 3 + 2, [database, ...(n % 6 === 0 ? ['Mail Relay'] : [])], 'medium'),
    part(`${system} Cache`, 'container', n * 3 + 1, [], 'low'),
  ];
}
