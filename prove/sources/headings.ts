/** What people call the columns of a list of servers: in English in several ways, and in each language that is understood. */
export const headings: Readonly<Record<Field, readonly string[]>> = {
  name: [
    'Name',
    'Server Name',
    'Asset Name',
    'Nombre',
    'Nome',
    'Naam',
    'Nazwa',
    'Název',
    'Namn',
    'Navn',
    '名前',
    '名称',
    '이름',
    'Имя',
    'Ad',
  ],
  ip: [
    'IP Address',
    'IP',
    'ip_address',
    'IPv4',
    'IP-Adresse',
    'Adresse IP',
    'Dirección IP',
    'Indirizzo IP',
    'IP-adres',
    'Adres IP',
    'IP-adress',
    'IPアドレス',
    'IP地址',
    'IP 주소',
    'IP-адрес',
    'IP adresi',
  ],
  os: [
    'Operating System',
    'OS',
    'operating_system',
    'Betriebssystem',
    "Système d'exploitation",
    'Sistema operativo',
    'Sistema operacional',
    'Besturingssysteem',
    'System operacyjny',
    'Operativsystem',
    '操作系统',
    '운영 체제',
    'Операционная система',
    'İşletim sistemi',
  ],
  status: [
    'Status',
    'State',
    'Zustand',
    'Statut',
    'Estado',
    'Stato',
    'Stav',
    '状態',
    '状态',
    '상태',
    'Статус',
    'Durum',
  ],
  environment: [
    'Environment',
    'Env',
    'Umgebung',
    'Environnement',
    'Entorno',
    'Ambiente',
    'Omgeving',
    'Środowisko',
    'Prostředí',
    'Miljö',
    'Miljø',
    '環境',
    '环境',
    '환경',
    'Среда',
    'Ortam',
  ],
  owner: ['Owner Email', 'Owner', 'owner_email', 'Contact Email'],
  host: ['Runs on', 'Depends on', 'depends_on'],
};

export type Field = 'name' | 'ip' | 'os' | 'status' | 'environment' | 'owner' | 'host';

/** Whose name says another edge than the first: renaming it changes what the file says. */
export const sameMeaning: readonly Field[] = ['name', 'ip', 'os', 'status', 'environment', 'owner'];

/** A list that no known source is, in the English of the first headings. */
export function serverTable(rows: number, prefix: string): string[][] {
  const systems = ['Ubuntu 22.04', 'Windows Server 2019', 'Debian 12', 'Red Hat Enterprise Linux 9'];
  const states = ['Active', 'Inactive', 'Retired', 'Running'];
  return [
    Object.values(headings).map(([first]) => first!),
    ...Array.from({ length: rows }, (_, n) => [
      `${prefix}-${String(n + 1).padStart(2, '0')}`,
      `10.${n % 200}.${(n * 7) % 250}.${(n % 250) + 1}`,
      systems[n % systems.length]!,
      states[n % states.length]!,
      n % 3 === 0 ? 'test' : 'production',
      `owner${n}@corp.example`,
      n > 0 && n % 4 === 0 ? `${prefix}-01` : '',
    ]),
  ];
}
