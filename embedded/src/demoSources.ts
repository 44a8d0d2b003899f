export interface DemoSource {
  readonly title: string;
  readonly name: string;
  readonly format: 'CSV' | 'JSON';
  readonly content: string;
}

const sites = ['Hamburg', 'Lisbon', 'Osaka'] as const;
const departments = ['Finance', 'Logistics', 'Customer Care', 'Research'] as const;
const systems = ['Debian 12', 'Ubuntu 24.04', 'Windows Server 2022', 'RHEL 9'] as const;
const services = ['billing', 'orders', 'tracking', 'portal', 'reporting', 'search'] as const;

/** Sample exports of two systems of one company, made up here: hosts as a CMDB lists them, and the applications that run on them. */
export function demoSources(slug: string): DemoSource[] {
  return [
    { title: 'Hosts of the CMDB', name: `${slug}-hosts.csv`, format: 'CSV', content: hosts(slug) },
    {
      title: 'Applications and where they run',
      name: `${slug}-applications.json`,
      format: 'JSON',
      content: applications(slug),
    },
  ];
}

function hosts(slug: string): string {
  const header =
    'asset_tag,hostname,type,status,ip_address,operating system,environment,department,criticality,owner,cluster,memory';
  const rows = Array.from({ length: 48 }, (_, n) => {
    const site = sites[n % sites.length]!.toLowerCase();
    const kind = n % 12 === 0 ? 'switch' : n % 5 === 0 ? 'database server' : n % 2 === 0 ? 'virtual machine' : 'server';
    const environment = n % 3 === 0 ? 'test' : 'production';
    const department = departments[n % departments.length]!;
    const status = n % 17 === 0 ? 'decommissioned' : 'in use';
    const criticality = environment === 'test' ? 'low' : n % 5 === 0 ? 'critical' : 'medium';
    const owner = `${department.split(' ')[0]!.toLowerCase()}.lead@${slug}.example`;
    return [
      `${slug.toUpperCase()}-${String(1000 + n)}`,
      `${slug}-${site}-${String(n + 1).padStart(2, '0')}`,
      kind,
      status,
      `10.${40 + (n % sites.length)}.0.${n + 10}`,
      kind === 'switch' ? 'Arista EOS' : systems[n % systems.length]!,
      environment,
      department,
      criticality,
      owner,
      `${site}-cluster`,
      `${2 ** (3 + (n % 4))} GB`,
    ].join(',');
  });
  // One row that no inventory would take, so that there is a rejected row to look at.
  rows.push(
    `${slug.toUpperCase()}-1999,${slug}-broken-01,server,in use,10.300.0.1,Debian 12,production,Finance,low,nobody@${slug}.example,lisbon-cluster,8 GB`,
  );
  return [header, ...rows].join('\n');
}

function applications(slug: string): string {
  return JSON.stringify({
    items: services.map((service, n) => ({
      id: `${slug}-app-${service}`,
      name: `${service[0]!.toUpperCase()}${service.slice(1)}`,
      type: 'application',
      state: 'running',
      environment: 'production',
      department: departments[n % departments.length],
      runs_on: `${slug}-${sites[n % sites.length]!.toLowerCase()}-${String(((n * 7) % 48) + 1).padStart(2, '0')}`,
      depends_on: n === 0 ? null : `${services[n - 1]![0]!.toUpperCase()}${services[n - 1]!.slice(1)}`,
      tags: ['customer-facing', service],
    })),
  });
}
