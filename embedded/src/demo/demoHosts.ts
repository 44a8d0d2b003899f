/** How much of everything a demo company has. */
export interface EstateSize {
  readonly sites: readonly string[];
  /** Of each site. */
  readonly hypervisors: number;
  readonly machines: number;
  readonly databases: number;
  readonly accessSwitches: number;
  readonly systems: number;
}

export const departments = ['Finance', 'Operations', 'Human Resources'] as const;

const platforms = ['Debian 12', 'Ubuntu 24.04', 'Windows Server 2022', 'RHEL 9'] as const;

/** A virtual machine by its number, from 0, over all sites. */
export function machineName(slug: string, { sites, machines }: EstateSize, n: number): string {
  const site = sites[n % sites.length]!.toLowerCase();
  return `${slug}-${site}-vm-${two((Math.floor(n / sites.length) % machines) + 1)}`;
}

/** A database by its number, from 0, over all sites. */
export function databaseName(slug: string, { sites, databases }: EstateSize, n: number): string {
  const site = sites[n % sites.length]!.toLowerCase();
  return `${slug}-${site}-db-${two((Math.floor(n / sites.length) % databases) + 1)}`;
}

type Row = Readonly<Record<(typeof columns)[number], string>>;

const columns = [
  'asset_tag',
  'hostname',
  'type',
  'status',
  'ip_address',
  'operating system',
  'environment',
  'department',
  'criticality',
  'owner email',
  'runs on',
  'connected to',
  'cluster',
  'memory',
] as const;

/** The data centres of a company that is made up here, as its CMDB exports them: one row twice, so that there is a rejected one to look at. */
export function hostsCsv(slug: string, size: EstateSize): string {
  const rows = size.sites.flatMap((site, place) => rowsOfSite(slug, site.toLowerCase(), place, size));
  const tagged = rows.map((row, n) => ({ ...row, asset_tag: `${slug.toUpperCase()}-${1000 + n}` }));
  const listedTwice = tagged.at(-1)!;
  const lines = [...tagged, listedTwice].map((row) => columns.map((column) => row[column]).join(','));
  return [columns.join(','), ...lines].join('\n');
}

function rowsOfSite(slug: string, site: string, place: number, size: EstateSize): Row[] {
  const name = (what: string, n: number) => `${slug}-${site}-${what}${two(n + 1)}`;
  const machineCount = size.machines;
  let address = 0;
  const row = (hostname: string, type: string, rest: Partial<Row>): Row => {
    address += 1;
    const department = departments[(address + place) % departments.length]!;
    return {
      asset_tag: '',
      hostname,
      type,
      status: 'in use',
      ip_address: `10.${40 + place}.0.${address}`,
      'operating system': '',
      environment: 'production',
      department,
      criticality: 'medium',
      'owner email': `${department.split(' ')[0]!.toLowerCase()}.lead@${slug}.example`,
      'runs on': '',
      'connected to': '',
      cluster: '',
      memory: '',
      ...rest,
    };
  };
  const core = `${slug}-${site}-core-01`;
  const times = <Made>(count: number, make: (n: number) => Made) => Array.from({ length: count }, (_, n) => make(n));
  return [
    row(`${slug}-${site}-fw-01`, 'firewall', { criticality: 'critical', 'operating system': 'FortiOS 7' }),
    row(core, 'switch', {
      criticality: 'critical',
      'operating system': 'Arista EOS',
      'connected to': `${slug}-${site}-fw-01`,
    }),
    ...times(size.accessSwitches, (n) =>
      row(name('sw-', n), 'switch', { 'operating system': 'Arista EOS', 'connected to': core }),
    ),
    ...times(2, (n) => row(name('san-', n), 'storage', { criticality: 'high', 'connected to': core })),
    ...times(size.hypervisors, (n) =>
      row(name('', n), 'server', {
        criticality: 'high',
        'operating system': 'VMware ESXi 8',
        'connected to': name('sw-', n % size.accessSwitches),
        cluster: `${site}-cluster`,
        memory: '512 GB',
      }),
    ),
    ...times(machineCount, (n) => {
      const isTest = n % 4 === 3;
      return row(name('vm-', n), 'virtual machine', {
        status: n % 19 === 18 ? 'decommissioned' : n % 13 === 12 ? 'maintenance' : 'in use',
        'operating system': platforms[n % platforms.length]!,
        environment: isTest ? 'test' : 'production',
        criticality: isTest ? 'low' : n % 7 === 0 ? 'high' : 'medium',
        'runs on': name('', n % size.hypervisors),
        memory: `${2 ** (3 + (n % 4))} GB`,
      });
    }),
    ...times(size.databases, (n) =>
      row(name('db-', n), 'database', {
        criticality: n % 3 === 0 ? 'critical' : 'high',
        'runs on': name('vm-', (n * 5) % machineCount),
      }),
    ),
  ];
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
